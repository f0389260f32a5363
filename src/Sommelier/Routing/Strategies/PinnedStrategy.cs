namespace Sommelier.Routing.Strategies;

/// <summary>The deployments that the caller named, before all others that may stand in for them; each part by the policy.</summary>
internal sealed class PinnedStrategy : IRoutingStrategy
{
    private const int AfterTheNamed = 10_000_000;

    public string Name => "pinned";

    public RankKey KeyOf(RankField field, in Candidate candidate)
    {
        var inner = StrategyRegistry.ForPolicy(field.Context).KeyOf(field, in candidate);
        return candidate.IsNamed ? inner : inner with { Tier = AfterTheNamed + inner.Tier };
    }

    public RouteReason ReasonFor(RankField field, in Candidate winner) => winner.IsNamed ? RouteReason.Pinned : RouteReason.Fallback;
}
