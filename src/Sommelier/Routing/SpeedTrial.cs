using Sommelier.Statistics.Chance;

namespace Sommelier.Routing;

/// <summary>Now and then the strategy <c>fastest</c> asks a model whose speed nobody knows, which would else never be measured.</summary>
/// <remarks>
/// What is known to be slow is tried again as its time fades (<see cref="FadedMeasurement"/>); what is not known has no time that could fade, and
/// stands behind all that is. So the policy's share of the streams goes to one of those that are good enough, each with the same chance; it
/// answers, is measured, and ranks by its time from then on: the trials end by themselves. Only streams, since only they measure a first chunk.
/// </remarks>
internal static class SpeedTrial
{
    /// <summary>So many at once have a chance, in the strategy's order; the others follow when these are known.</summary>
    private const int MostCandidates = 16;

    /// <summary>Moves the one that is tried to the front, if a trial is drawn.</summary>
    /// <inheritdoc cref="Exploration.Apply"/>
    public static double Apply(RankField field, ReadOnlySpan<Candidate> candidates, Span<Place> order, ref RouteReason reason, out DrawnChance[] drawn)
    {
        drawn = [];
        var context = field.Context;
        var share = context.Policy.TryUnmeasured;
        if (share <= 0 || reason != RouteReason.Fastest || !context.Signals.Stream || !Exploration.IsEligible(context))
        {
            return 1;
        }

        Span<int> pool = stackalloc int[MostCandidates];
        pool = pool[..Pool(field, candidates, order, pool)];
        if (pool.IsEmpty)
        {
            return 1;
        }

        drawn = new DrawnChance[pool.Length + 1];
        drawn[0] = new(candidates[order[0].Candidate].Deployment, 1 - share);
        for (var i = 0; i < pool.Length; i++)
        {
            drawn[i + 1] = new(candidates[order[pool[i]].Candidate].Deployment, share / pool.Length);
        }

        var random = new SeededRandom(unchecked((ulong)context.Query.Seed) ^ context.Signals.ContentHash);
        if (random.NextDouble() >= share)
        {
            return drawn[0].Chance;
        }

        var chosen = Math.Min(pool.Length - 1, (int)(random.NextDouble() * pool.Length));
        FallbackSpread.MoveTo(order, pool[chosen], 0);
        reason = RouteReason.Explore;
        return drawn[chosen + 1].Chance;
    }

    /// <summary>The places of those that are good enough, as wanted as the first, and of unknown speed.</summary>
    private static int Pool(RankField field, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> order, Span<int> pool)
    {
        var count = 0;
        for (var place = 1; place < order.Length && count < pool.Length && order[place].Key.Tier == order[0].Key.Tier; place++)
        {
            ref readonly var candidate = ref candidates[order[place].Candidate];
            if (!double.IsFinite(candidate.LatencyMs) && field.IsGoodEnough(in candidate))
            {
                pool[count++] = place;
            }
        }

        return count;
    }
}
