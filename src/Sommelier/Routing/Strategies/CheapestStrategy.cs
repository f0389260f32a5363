namespace Sommelier.Routing.Strategies;

/// <summary>The cheapest of those within the policy's gap of the best; the others behind them, best first.</summary>
internal sealed class CheapestStrategy : IRoutingStrategy
{
    /// <summary>The tokens of the answer are an estimate, so costs this close to the least are the same, and quality decides.</summary>
    internal const double SameCost = 1.05;

    public string Name => "cheapest";

    public RankKey KeyOf(RankField field, in Candidate candidate) =>
        candidate.Index == field.Usual ? new(0, double.NegativeInfinity)
        : field.IsGoodEnough(in candidate)
            ? new(0, CostOf(field, in candidate), -candidate.QualityLow, candidate.LatencyMs)
            : new(1, -candidate.QualityLow, candidate.CostUsd, candidate.LatencyMs);

    /// <summary>What a candidate costs, USD; the least, where it costs hardly more.</summary>
    internal static double CostOf(RankField field, in Candidate candidate) => candidate.CostUsd <= field.LeastUsd * SameCost ? field.LeastUsd : candidate.CostUsd;

    public RouteReason ReasonFor(RankField field, in Candidate winner) =>
        winner.Index == field.Usual ? RouteReason.UsualChoice
        : field.GoodEnoughCount > 1 ? RouteReason.CheapestGoodEnough
        : RouteReason.BestQuality;
}
