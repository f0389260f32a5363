namespace Sommelier.Catalog;

/// <summary>How a deployment is asked to reason: by named efforts, by a token budget, by a switch, or by several of these.</summary>
public sealed record ReasoningOptions
{
    /// <summary>No way is known.</summary>
    public static ReasoningOptions None { get; } = new();

    /// <summary>The efforts it accepts, in the provider's words and order: <c>none, minimal, low, medium, high, xhigh, max</c>.</summary>
    public IReadOnlyList<string> Efforts { get; init; } = [];

    /// <summary>Whether reasoning can be switched on and off.</summary>
    public bool Toggle { get; init; }

    /// <summary>Whether a number of reasoning tokens can be given.</summary>
    public bool Budget { get; init; }

    /// <summary>The least budget in tokens; null: no limit known.</summary>
    public int? BudgetMin { get; init; }

    /// <summary>The greatest budget in tokens; null: no limit known.</summary>
    public int? BudgetMax { get; init; }
}
