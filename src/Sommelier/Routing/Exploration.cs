using Sommelier.Canonical;
using Sommelier.Statistics.Chance;

namespace Sommelier.Routing;

/// <summary>Now and then puts another model first, so that evidence about it grows; says with what chance.</summary>
/// <remarks>
/// With the policy's share, one of <see cref="Draws"/> Thompson draws over the allowed candidates decides: each draw takes a
/// quality for every candidate from what is believed about it (normal, with the spread that its 10 % quantile implies) and
/// names the best. A tenth is spread evenly, so that no candidate's chance is zero and replay can weigh by its inverse.
/// P(m) = (1 - share) [m is first] + share (0.9 draws won by m / draws + 0.1 / candidates); the draws come from the seed.
/// </remarks>
internal static class Exploration
{
    private const int Draws = 64;
    private const int MostCandidates = 16;
    private const double Evenly = 0.1;

    // A free model first would leave out all that cost anything; a hundredth of a cent is no price for evidence.
    private const double FreeUsd = 0.0001;

    /// <summary>Moves the explored candidate to the front, if one is drawn.</summary>
    /// <param name="field">What is ranked.</param>
    /// <param name="candidates">Who is left.</param>
    /// <param name="order">Their order; changed.</param>
    /// <param name="reason">Why the first is first; changed with it.</param>
    /// <param name="drawn">Everybody who could have come first, with the chance of it; empty where nothing was drawn.</param>
    /// <returns>The chance that whoever is now first had to be first.</returns>
    public static double Apply(RankField field, ReadOnlySpan<Candidate> candidates, Span<Place> order, ref RouteReason reason, out DrawnChance[] drawn)
    {
        drawn = [];
        if (field.Context.Policy.Explore is not { } settings || order.Length < 2 || !IsEligible(field.Context))
        {
            return 1;
        }

        Span<int> pool = stackalloc int[MostCandidates];
        pool = pool[..Pool(candidates, order, settings, pool)];
        var random = new SeededRandom(unchecked((ulong)field.Context.Query.Seed) ^ field.Context.Signals.ContentHash);
        Span<double> chances = stackalloc double[MostCandidates];
        chances = chances[..pool.Length];
        Thompson(candidates, order, pool, chances, random);
        var chosen = random.NextDouble() < settings.Share ? Fall(chances, random.NextDouble()) : 0;
        drawn = new DrawnChance[pool.Length];
        for (var i = 0; i < drawn.Length; i++)
        {
            drawn[i] = new(candidates[order[pool[i]].Candidate].Deployment, (settings.Share * chances[i]) + (i == 0 ? 1 - settings.Share : 0));
        }

        if (chosen > 0)
        {
            FallbackSpread.MoveTo(order, pool[chosen], 0);
            reason = RouteReason.Explore;
        }

        return drawn[chosen].Chance;
    }

    // A conversation that has begun stays where it is, and nobody's delicate data is an experiment.
    public static bool IsEligible(RouteContext context) =>
        !context.Named && !context.Escalates && !context.Signals.ToolLoop && context.Data != DataClass.Confidential && context.Query.Prior is null;

    /// <summary>The places in the order that may come first: the first of all, then those of the highest hopes that are not too dear.</summary>
    private static int Pool(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> order, ExploreSettings settings, Span<int> pool)
    {
        var count = 1;
        pool[0] = 0;
        var most = (candidates[order[0].Candidate].CostUsd * settings.MaxCostRatio) + FreeUsd;
        for (var place = 1; place < order.Length; place++)
        {
            ref readonly var candidate = ref candidates[order[place].Candidate];
            if (candidate.CostUsd > most || !double.IsFinite(candidate.CostUsd))
            {
                continue;
            }

            if (count < MostCandidates)
            {
                pool[count++] = place;
                continue;
            }

            var weakest = 1;
            for (var i = 2; i < count; i++)
            {
                weakest = Hope(in candidates[order[pool[i]].Candidate]) < Hope(in candidates[order[pool[weakest]].Candidate]) ? i : weakest;
            }

            if (Hope(in candidate) > Hope(in candidates[order[pool[weakest]].Candidate]))
            {
                pool[weakest] = place;
            }
        }

        return count;
    }

    private static double Hope(in Candidate candidate) => (2 * candidate.QualityMean) - candidate.QualityLow;

    private static void Thompson(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> order, ReadOnlySpan<int> pool, Span<double> chances, SeededRandom random)
    {
        chances.Fill(Evenly / pool.Length);
        for (var draw = 0; draw < Draws; draw++)
        {
            var best = 0;
            var bestQuality = double.NegativeInfinity;
            for (var i = 0; i < pool.Length; i++)
            {
                ref readonly var candidate = ref candidates[order[pool[i]].Candidate];
                var quality = candidate.QualityMean + (Stickiness.Spread(in candidate) * random.NextNormal());
                if (quality > bestQuality)
                {
                    (best, bestQuality) = (i, quality);
                }
            }

            chances[best] += (1 - Evenly) / Draws;
        }
    }

    private static int Fall(ReadOnlySpan<double> chances, double point)
    {
        for (var i = 0; i < chances.Length - 1; i++)
        {
            point -= chances[i];
            if (point < 0)
            {
                return i;
            }
        }

        return chances.Length - 1;
    }
}
