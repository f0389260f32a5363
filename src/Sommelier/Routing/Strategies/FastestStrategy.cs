namespace Sommelier.Routing.Strategies;

/// <summary>The fastest of those within the policy's gap of the best; unknown speed comes after known, then the others, best first.</summary>
internal sealed class FastestStrategy : IRoutingStrategy
{
    public string Name => "fastest";

    public RankKey KeyOf(RankField field, in Candidate candidate) =>
        field.IsGoodEnough(in candidate)
            ? new(0, candidate.LatencyMs, candidate.CostUsd, -candidate.QualityLow)
            : new(1, -candidate.QualityLow, candidate.LatencyMs, candidate.CostUsd);

    // Without a single figure on speed the order is that of price, and must not claim otherwise.
    public RouteReason ReasonFor(RankField field, in Candidate winner) =>
        field.GoodEnoughCount <= 1 ? RouteReason.BestQuality
        : double.IsFinite(winner.LatencyMs) ? RouteReason.Fastest
        : RouteReason.CheapestGoodEnough;
}
