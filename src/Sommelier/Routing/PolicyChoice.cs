namespace Sommelier.Routing;

/// <summary>How a policy came down to the one that a request was decided by.</summary>
/// <param name="Rule">The rule that held, the outermost first, separated by <c> / </c>; null for none.</param>
/// <param name="Arm">The arm of the split that the conversation fell to; null without a split.</param>
/// <param name="Share">The chance that it had to fall there; 1 without a split.</param>
public sealed record PolicyChoice(string? Rule = null, string? Arm = null, double Share = 1)
{
    /// <summary>Neither rules nor a split.</summary>
    public static PolicyChoice None { get; } = new();
}
