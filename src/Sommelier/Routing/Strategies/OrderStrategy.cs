namespace Sommelier.Routing.Strategies;

/// <summary>The policy's explicit order; what it does not name follows by the policy's own strategy.</summary>
internal sealed class OrderStrategy : IRoutingStrategy
{
    private const int AfterTheList = 1_000_000;

    public string Name => "order";

    public RankKey KeyOf(RankField field, in Candidate candidate)
    {
        var inner = field.Context.Strategy.KeyOf(field, in candidate);
        var position = field.Context.Order.IndexOf(candidate.Deployment);

        // Two deployments of one listed model stand at one position: the inner strategy orders them, in two tiers at most.
        return inner with { Tier = position >= 0 ? (position * 2) + inner.Tier : AfterTheList + inner.Tier };
    }

    public RouteReason ReasonFor(RankField field, in Candidate winner) =>
        field.Context.Order.Contains(winner.Deployment)
            ? RouteReason.PolicyOrder
            : field.Context.Strategy.ReasonFor(field, in winner);
}
