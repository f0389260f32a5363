namespace Sommelier.Routing.Strategies;

/// <summary>The highest utility by the policy's weights; what has no known price or speed comes after what has.</summary>
internal sealed class WeightedStrategy : IRoutingStrategy
{
    public string Name => "weighted";

    public RankKey KeyOf(RankField field, in Candidate candidate)
    {
        var utility = Utility(field.Context.Policy.Weights, in candidate);
        return double.IsFinite(utility)
            ? new(0, -utility, candidate.CostUsd, -candidate.QualityLow)
            : new(1, -candidate.QualityLow, candidate.CostUsd, candidate.LatencyMs);
    }

    public RouteReason ReasonFor(RankField field, in Candidate winner) => RouteReason.PolicyOrder;

    // A weight of zero means "do not care", so an unknown there must not weigh either.
    internal static double Utility(PolicyWeights weights, in Candidate candidate) =>
        (weights.Quality * candidate.QualityLow)
        - (weights.Cost == 0 ? 0 : weights.Cost * candidate.CostUsd)
        - (weights.Latency == 0 ? 0 : weights.Latency * candidate.LatencyMs / 1_000);
}
