using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>A request for one model alone that nobody named: held to every constraint of policy, key and caller.</summary>
internal static class SolePlan
{
    /// <summary>Decides for the model; null where a constraint drops it.</summary>
    /// <param name="query">The request, under a policy without rules and splits.</param>
    /// <param name="model">A deployment id, a catalog id, a provider or an alias.</param>
    public static RouteDecision? Decide(RouteQuery query, string model)
    {
        var decision = ModelRouter.Decide(query with
        {
            Policy = query.Policy with
            {
                First = [],
                Prefer = new Dictionary<Intent, IReadOnlyList<string>>(),
                Order = [model],
                AllowFallback = false,
                OnBreak = OnBreak.Error,
                Hedge = null,
                Escalate = null,
                Cascade = null,
                Classify = null,
                Sticky = new() { Enabled = false },
                Cache = new(false),
                Explore = null,
                TryUnmeasured = 0,
                Shadow = null,
            },
            Choice = PolicyChoice.None,
            Prior = null,
        });
        return decision.Error is null && new NameList([model], query.Catalog).Contains(decision.Plan[0].Deployment) ? decision : null;
    }
}
