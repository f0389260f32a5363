using Sommelier.Routing.Strategies;

namespace Sommelier.Routing;

/// <summary>
/// The candidate that a policy would choose if nothing were known about what is asked, and whether the request keeps it.
/// </summary>
/// <remarks>
/// "Good enough" is a sharp line, and many models lie near it: a word more or less would move one over it and back. So the
/// line is a band. The usual choice stays while it is within the gap and the band; a cheaper model takes its place only
/// when it is within the gap less the band, and saves half of the cost. Two always may: what costs no more and is better, and
/// what is within the gap at less than a tenth of the cost. By the strategy <c>fastest</c> there is one as long as nobody's speed is known, and price decides.
/// </remarks>
internal static class UsualChoice
{
    /// <summary>What must be saved before a request leaves the usual choice, as a share of its cost.</summary>
    private const double Saving = 0.5;

    /// <summary>What must be saved before steadiness is not worth it: models that cost a tenth are another class.</summary>
    private const double LargeSaving = 0.9;

    /// <summary>Nothing is known to half a point of success rate: a band that narrow is a sharp line again.</summary>
    private const double LeastBand = 0.01;

    /// <summary>Its index in the catalog; -1 when the request leaves it, or the policy has no band.</summary>
    public static int Of(RankField field, ReadOnlySpan<Candidate> candidates)
    {
        var context = field.Context;
        var share = context.Policy.Gap * context.Policy.Steady;
        var band = Math.Max(share, LeastBand);
        if (context.Named || share <= 0 || !IsByPrice(context.Strategy, candidates) || Find(context, candidates) is not (>= 0 and var at))
        {
            return -1;
        }

        ref readonly var usual = ref candidates[at];

        // What the strategy would take anyhow, or takes by quality among what costs the same, is left to it.
        var plain = usual.QualityLow >= field.GoodEnoughLow && usual.CostUsd <= field.LeastUsd * CheapestStrategy.SameCost;
        if (plain || usual.QualityLow < field.GoodEnoughLow - band)
        {
            return -1;
        }

        foreach (ref readonly var other in candidates)
        {
            if ((other.QualityLow >= field.GoodEnoughLow + band && other.CostUsd < usual.CostUsd * (1 - Saving))
                || (other.QualityLow >= field.GoodEnoughLow && other.CostUsd < usual.CostUsd * (1 - LargeSaving))
                || (other.QualityLow > usual.QualityLow && other.CostUsd <= usual.CostUsd * CheapestStrategy.SameCost))
            {
                return -1;
            }
        }

        return usual.Index;
    }

    private static bool IsByPrice(IRoutingStrategy strategy, ReadOnlySpan<Candidate> candidates)
    {
        if (strategy is not FastestStrategy)
        {
            return strategy is CheapestStrategy;
        }

        foreach (ref readonly var candidate in candidates)
        {
            if (double.IsFinite(candidate.LatencyMs))
            {
                return false;
            }
        }

        return true;
    }

    private static int Find(RouteContext context, ReadOnlySpan<Candidate> candidates)
    {
        var best = 0.0;
        foreach (ref readonly var candidate in candidates)
        {
            best = Math.Max(best, context.Figures.LowOfAny(candidate.Index));
        }

        var enough = best - context.Policy.Gap;
        var least = double.PositiveInfinity;
        foreach (ref readonly var candidate in candidates)
        {
            least = context.Figures.LowOfAny(candidate.Index) >= enough ? Math.Min(least, candidate.CostUsd) : least;
        }

        var found = -1;
        var highest = 0.0;
        for (var i = 0; i < candidates.Length && double.IsFinite(least); i++)
        {
            var low = context.Figures.LowOfAny(candidates[i].Index);
            if (low >= enough && candidates[i].CostUsd <= least * CheapestStrategy.SameCost && (found < 0 || low > highest))
            {
                (found, highest) = (i, low);
            }
        }

        return found;
    }
}
