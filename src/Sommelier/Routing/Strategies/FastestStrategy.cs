namespace Sommelier.Routing.Strategies;

/// <summary>The fastest of those within the policy's gap of the best; unknown speed comes after known (<see cref="SpeedTrial"/> asks one now and then), then the others, best first.</summary>
internal sealed class FastestStrategy : IRoutingStrategy
{
    /// <summary>The name in a policy.</summary>
    internal const string Fastest = "fastest";

    public string Name => Fastest;

    public RankKey KeyOf(RankField field, in Candidate candidate) =>
        candidate.Index == field.Usual ? new(0, double.NegativeInfinity)
        : field.IsGoodEnough(in candidate)
            ? new(0, candidate.LatencyMs, CheapestStrategy.CostOf(field, in candidate), -candidate.QualityLow)
            : new(1, -candidate.QualityLow, candidate.LatencyMs, candidate.CostUsd);

    // Without a single figure on speed the order is that of the strategy cheapest, and must not claim otherwise.
    public RouteReason ReasonFor(RankField field, in Candidate winner) =>
        winner.Index == field.Usual ? RouteReason.UsualChoice
        : field.GoodEnoughCount <= 1 ? RouteReason.BestQuality
        : double.IsFinite(winner.LatencyMs) ? RouteReason.Fastest
        : RouteReason.CheapestGoodEnough;
}
