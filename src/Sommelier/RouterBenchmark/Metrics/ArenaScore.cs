namespace Sommelier.RouterBenchmark.Metrics;

/// <summary>RouterArena's score of accuracy and cost together, 0 to 100.</summary>
/// <remarks>
/// (1 + b) A C / (b A + C) with b = 0.1 and C = (log2 200 - log2 c) / (log2 200 - log2 0.0044), c in USD per thousand questions:
/// <c>router_evaluation/compute_scores.py</c> of RouteWorks/RouterArena @4714a9a.
/// </remarks>
internal static class ArenaScore
{
    private const double Weight = 0.1;
    private const double Dearest = 200;
    private const double Cheapest = 0.0044;

    /// <param name="accuracy">0 to 1.</param>
    /// <param name="usdPerThousand">USD per thousand questions; taken into the range that the score knows.</param>
    public static double Of(double accuracy, double usdPerThousand)
    {
        var usd = Math.Clamp(usdPerThousand, Cheapest, Dearest);
        var cost = (Math.Log2(Dearest) - Math.Log2(usd)) / (Math.Log2(Dearest) - Math.Log2(Cheapest));
        var below = (Weight * accuracy) + cost;
        return below <= 0 ? 0 : 100 * (1 + Weight) * accuracy * cost / below;
    }
}
