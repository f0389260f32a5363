namespace Sommelier.Routing.Strategies;

/// <summary>The highest lower bound of quality, whatever it costs.</summary>
internal sealed class BestQualityStrategy : IRoutingStrategy
{
    public string Name => "best";

    public RankKey KeyOf(RankField field, in Candidate candidate) => new(0, -candidate.QualityLow, candidate.CostUsd, candidate.LatencyMs);

    public RouteReason ReasonFor(RankField field, in Candidate winner) => RouteReason.BestQuality;
}
