using Sommelier.Canonical;
using Sommelier.Statistics.Chance;

namespace Sommelier.Routing;

/// <summary>Which requests are copied to a policy's shadow, and how the copy is decided.</summary>
internal static class ShadowPlan
{
    // Another stream of the request's seed than exploration draws from.
    private const ulong Stream = 0x5AD0_0000_0000_0001;

    /// <summary>The shadow that a decided request falls to; null for none: it was named, is no chat, or the draw was against it.</summary>
    public static ShadowSettings? Drawn(RouteDecision decision)
    {
        if (decision.Query.Policy.Shadow is not { } shadow || decision.Context.Named || decision.Query.Signals.Operation != Operation.Chat)
        {
            return null;
        }

        var seed = unchecked((ulong)decision.Query.Seed) ^ decision.Query.Signals.ContentHash ^ Stream;
        return new SeededRandom(seed).NextDouble() < shadow.Share ? shadow : null;
    }

    /// <summary>The same request for the shadow alone, held to every constraint of policy, key and caller; null where one drops it.</summary>
    public static RouteDecision? Decide(RouteDecision decision, ShadowSettings shadow) => SolePlan.Decide(decision.Query, shadow.To);
}
