namespace Sommelier.Routing;

/// <summary>The policies that always exist. Gaps are points of success rate, as in docs/routing.md.</summary>
public static class Policies
{
    /// <summary>The cheapest model within 15 points of the best.</summary>
    public static Policy Frugal { get; } = new() { Name = "frugal", Gap = 0.15 };

    /// <summary>The cheapest model within 7 points of the best: the default.</summary>
    public static Policy Balanced { get; } = new() { Name = "balanced", Gap = 0.07 };

    /// <summary>The cheapest model within 1 point of the best.</summary>
    public static Policy Premium { get; } = new() { Name = "premium", Gap = 0.01 };

    /// <summary>The fastest model within 7 points of the best.</summary>
    public static Policy Fast { get; } = new() { Name = "fast", Strategy = "fastest", Gap = 0.07 };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Policy> BuiltIn { get; } = [Frugal, Balanced, Premium, Fast];
}
