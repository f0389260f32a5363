using Sommelier.Canonical;
using Sommelier.Routing;

namespace Sommelier.Replay;

/// <summary>What the quality table of a decision believes of an answer.</summary>
internal static class BelievedQuality
{
    /// <summary>Of a deployment's answer, 0 to 1; null when there is no such deployment, or the request has no intent.</summary>
    public static double? Of(RouteDecision decision, string deploymentId)
    {
        var index = decision.Query.Catalog.IndexOf(deploymentId);
        return index < 0 || decision.Query.Signals.Operation != Operation.Chat ? null : decision.Context.Figures.Mean(index, decision.Context.Mixture);
    }

    /// <summary>Of the decision, over its draws.</summary>
    public static double Expected(RouteDecision decision)
    {
        if (decision.Drawn.Count == 0)
        {
            return decision.Plan.Count > 0 ? Of(decision, decision.Plan[0].Deployment.Id) ?? 0 : 0;
        }

        double expected = 0;
        foreach (var (deployment, chance) in decision.Drawn)
        {
            expected += chance * (Of(decision, deployment.Id) ?? 0);
        }

        return expected;
    }
}
