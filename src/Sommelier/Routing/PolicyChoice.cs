namespace Sommelier.Routing;

/// <summary>How a policy came down to the one that a request was decided by.</summary>
/// <param name="Rule">The rule that held, the outermost first, separated by <c> / </c>; null for none.</param>
/// <param name="Arm">The arm of the split that the conversation fell to; null without a split.</param>
/// <param name="Share">The chance that it had to fall there; 1 without a split.</param>
/// <param name="Canary">How the conversation fell at a canary; null without one.</param>
public sealed record PolicyChoice(string? Rule = null, string? Arm = null, double Share = 1, CanaryChoice? Canary = null)
{
    /// <summary>Neither rules, nor a split, nor a canary.</summary>
    public static PolicyChoice None { get; } = new();
}
