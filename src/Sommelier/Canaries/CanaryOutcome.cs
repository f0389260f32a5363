using System.Runtime.InteropServices;
using Sommelier.Canonical;
using Sommelier.Routing;

namespace Sommelier.Canaries;

/// <summary>What a request says of the arm of a canary that it fell to.</summary>
/// <param name="Failed">Whether the arm's choice failed, whoever answered in its place.</param>
/// <param name="FirstContent">Time to the first content; null where it failed, or where none came.</param>
/// <param name="CostNanoUsd">What its answer cost; 0 where it failed.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CanaryOutcome(bool Failed, TimeSpan? FirstContent = null, long CostNanoUsd = 0)
{
    /// <summary>What a request says; null for nothing.</summary>
    /// <remarks>
    /// The first call decides, and only where it was made to what the arm chooses: not where the conversation kept another model, where
    /// a constraint of the caller's left the arm's model out, or where another candidate was explored. What is wrong with the request
    /// itself, and a caller that went away, say nothing. An arm whose models are all paused for their failures has failed.
    /// </remarks>
    public static CanaryOutcome? Of(RouteDecision decision, IReadOnlyList<Attempt> attempts)
    {
        var order = decision.Context.Order;
        if (!order.IsEmpty && (decision.Plan.Count == 0 || !order.Contains(decision.Plan[0].Deployment)))
        {
            return decision.Reason is RouteReason.StickySession or RouteReason.Escalated || !Paused(decision, order) ? null : new(Failed: true);
        }

        if (decision.Reason is RouteReason.StickySession or RouteReason.Escalated || attempts.Count == 0
            || !string.Equals(attempts[0].DeploymentId, decision.Plan[0].Deployment.Id, StringComparison.Ordinal))
        {
            return null;
        }

        return attempts[0] switch
        {
            { Outcome: AttemptOutcome.Succeeded } first => new(Failed: false, first.TimeToFirstChunk, first.CostNanoUsd),
            { Outcome: AttemptOutcome.Failed or AttemptOutcome.Broken, Failure.Kind: not (UpstreamFailureKind.InvalidRequest or UpstreamFailureKind.ContextLengthExceeded or UpstreamFailureKind.ContentFiltered) } => new(Failed: true),
            _ => null,
        };
    }

    private static bool Paused(RouteDecision decision, NameList order)
    {
        foreach (var dropped in decision.Dropped)
        {
            if (dropped.Constraint is "health" && order.Contains(dropped.Deployment))
            {
                return true;
            }
        }

        return false;
    }
}
