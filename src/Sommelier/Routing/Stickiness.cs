using Sommelier.Statistics.Distributions;

namespace Sommelier.Routing;

/// <summary>Whether a conversation keeps the model that served its last turn, although another ranks first now.</summary>
/// <remarks>
/// Inside a tool loop it always does: a model reads its own calls best, and reasoning state does not travel. Elsewhere it
/// is displaced only when the challenger is better with the policy's certainty, or saves materially at quality within the
/// policy's gap. The cost that the saving is taken from already has the cache that a switch would lose.
/// </remarks>
internal static class Stickiness
{
    // What a canary was still serving when it was rolled back, here or on an instance that did not know yet, ends within this.
    private static readonly TimeSpan StillServing = TimeSpan.FromMinutes(10);

    /// <summary>The position in the order of what must come first; 0 to leave the order as it is.</summary>
    public static int Keep(RouteContext context, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> order)
    {
        var settings = context.Policy.Sticky;
        if (context.Query.Prior is not { } prior || !settings.Enabled || context.Query.PriorAge > settings.KeepFor)
        {
            return 0;
        }

        // A canary that was rolled back keeps no conversation that it has served.
        if (context.Query.Choice.Canary is { Arm: CanaryArm.RolledBack, RolledBackAt: { } since } && prior.At <= since + StillServing)
        {
            return 0;
        }

        var position = 0;
        while (position < order.Length && !string.Equals(candidates[order[position].Candidate].Deployment.Id, prior.DeploymentId, StringComparison.Ordinal))
        {
            position++;
        }

        if (position == 0 || position == order.Length)
        {
            return 0;
        }

        ref readonly var kept = ref candidates[order[position].Candidate];
        ref readonly var challenger = ref candidates[order[0].Candidate];

        // A model that was named, or that the policy lists, is asked for by somebody: only another such one may stay before it.
        // An arm of a split or a canary is asked for by nobody: it moves no conversation that began before it.
        if (challenger.IsNamed != kept.IsNamed
            || (context.Query.Choice is { Arm: null, Canary: not { Arm: CanaryArm.Canary } } && context.Order.Contains(challenger.Deployment) && !context.Order.Contains(kept.Deployment) && !context.Signals.ToolLoop))
        {
            return 0;
        }

        // What a cheap model of a cascade answered was checked. Where nothing will be, it is no better a choice than it was before.
        if (context.Policy.Cascade is { } cascade && !context.Signals.ToolLoop
            && new NameList(cascade.First, context.Query.Catalog) is var cheap && cheap.Contains(kept.Deployment) && !cheap.Contains(challenger.Deployment))
        {
            return 0;
        }

        // A group that the policy puts first is asked for like a listed model.
        if (!context.Signals.ToolLoop && GroupOrder.Of(context, in challenger) < GroupOrder.Of(context, in kept))
        {
            return 0;
        }

        return context.Signals.ToolLoop || !Displaces(in challenger, in kept, context.Policy) ? position : 0;
    }

    /// <summary>Whether the challenger is better for sure, or as good for much less.</summary>
    internal static bool Displaces(in Candidate challenger, in Candidate kept, Policy policy)
    {
        if (ProbabilityBetter(in challenger, in kept) > policy.Sticky.Certainty)
        {
            return true;
        }

        return challenger.QualityLow >= kept.QualityLow - policy.Gap
            && (double.IsFinite(challenger.CostUsd) && challenger.CostUsd < kept.CostUsd * (1 - policy.Sticky.Saving));
    }

    /// <summary>P(quality of a &gt; quality of b), both taken as normal with the spread that their 10 % quantiles imply.</summary>
    internal static double ProbabilityBetter(in Candidate a, in Candidate b)
    {
        var (spreadA, spreadB) = (Spread(in a), Spread(in b));
        var spread = Math.Sqrt((spreadA * spreadA) + (spreadB * spreadB));
        var difference = a.QualityMean - b.QualityMean;
        return spread < 1e-9 ? (difference > 0 ? 1 : 0) : NormalDistribution.Cumulative(difference / spread);
    }

    /// <summary>The standard deviation of what is believed about a candidate's quality, if its lower bound is the 10 % quantile of a normal.</summary>
    internal static double Spread(in Candidate candidate)
    {
        const double TenPercentQuantile = 1.2815515655446004;
        return Math.Max(0, candidate.QualityMean - candidate.QualityLow) / TenPercentQuantile;
    }
}
