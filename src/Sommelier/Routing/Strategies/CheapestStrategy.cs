namespace Sommelier.Routing.Strategies;

/// <summary>The cheapest of those within the policy's gap of the best; the others behind them, best first.</summary>
internal sealed class CheapestStrategy : IRoutingStrategy
{
    public string Name => "cheapest";

    public RankKey KeyOf(RankField field, in Candidate candidate) =>
        field.IsGoodEnough(in candidate)
            ? new(0, candidate.CostUsd, -candidate.QualityLow, candidate.LatencyMs)
            : new(1, -candidate.QualityLow, candidate.CostUsd, candidate.LatencyMs);

    public RouteReason ReasonFor(RankField field, in Candidate winner) =>
        field.GoodEnoughCount > 1 ? RouteReason.CheapestGoodEnough : RouteReason.BestQuality;
}
