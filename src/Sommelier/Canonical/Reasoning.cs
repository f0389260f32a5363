namespace Sommelier.Canonical;

/// <summary>How much the model should think, from none to all it can.</summary>
public enum ReasoningEffort
{
    /// <summary>No thinking.</summary>
    None,

    /// <summary>As little as the vendor has.</summary>
    Minimal,

    /// <summary>A little.</summary>
    Low,

    /// <summary>The usual amount.</summary>
    Medium,

    /// <summary>Much.</summary>
    High,

    /// <summary>More.</summary>
    XHigh,

    /// <summary>All that the model can.</summary>
    Max,
}

/// <summary>What the caller asked of the model's thinking.</summary>
/// <param name="Effort">The amount in words; null when not said.</param>
/// <param name="BudgetTokens">The amount in tokens; null when not said.</param>
/// <param name="Adaptive">Whether the model decides for itself (Anthropic's <c>adaptive</c>).</param>
/// <param name="Extra">Fields of the vendor's reasoning object that we do not know, for example <c>display</c>.</param>
public sealed record Reasoning(
    ReasoningEffort? Effort = null, int? BudgetTokens = null, bool Adaptive = false, Extra? Extra = null)
{
    /// <summary>Where the caller wrote the object whose unknown fields are in <see cref="Extra"/>.</summary>
    internal FieldPath Place { get; init; }
}
