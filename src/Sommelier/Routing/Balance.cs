using Sommelier.Statistics.Chance;

namespace Sommelier.Routing;

/// <summary>Who comes first among deployments of one model that stand level: the same model, at the same price, in the same tier.</summary>
public enum BalanceMode
{
    /// <summary>The one that the ranking put first: where nothing else tells them apart, the one that is expected to answer sooner.</summary>
    Latency,

    /// <summary>One that is drawn, in the proportion of the configured weights.</summary>
    Weighted,

    /// <summary>The one with the fewest calls under way for its weight, from this process; one of them is drawn where several have as few.</summary>
    LeastLoaded,
}

/// <summary>Spreads the requests for one model over the deployments of it that are as good: other keys' accounts, other regions.</summary>
internal static class Balance
{
    // Prices of one model differ by rounding between vendors, not by more, where they are meant to be the same.
    private const double SamePrice = 1.01;
    private const int MostLevel = 32;

    // Another stream of chance than that of exploration, whose seed is the same.
    private const ulong Stream = 0x9E6D_42A3_1C5F_B807;

    /// <summary>Moves the chosen one of those that stand level with the first to the front.</summary>
    /// <param name="context">The request and its policy.</param>
    /// <param name="candidates">Who is left.</param>
    /// <param name="order">Their order; changed.</param>
    /// <param name="drawn">Everybody who could have come first, with the chance of it; changed where this drew, too.</param>
    /// <param name="propensity">The chance that the first of the order had to be first.</param>
    /// <returns>The chance that whoever is now first had to be first.</returns>
    public static double Apply(RouteContext context, ReadOnlySpan<Candidate> candidates, Span<Place> order, ref DrawnChance[] drawn, double propensity)
    {
        var mode = context.Policy.Balance;
        if (mode == BalanceMode.Latency || order.Length < 2)
        {
            return propensity;
        }

        Span<int> level = stackalloc int[MostLevel];
        level = level[..Level(candidates, order, level)];
        if (level.Length < 2)
        {
            return propensity;
        }

        Span<double> chances = stackalloc double[MostLevel];
        chances = chances[..level.Length];
        Chances(mode, candidates, order, level, chances);
        var chosen = Draw(chances, new SeededRandom(unchecked((ulong)context.Query.Seed) ^ Stream).NextDouble());
        drawn = Split(drawn, candidates, order, level, chances, propensity);
        var first = candidates[order[level[chosen]].Candidate].Deployment;
        FallbackSpread.MoveTo(order, level[chosen], 0);
        foreach (var one in drawn)
        {
            if (ReferenceEquals(one.Deployment, first))
            {
                return one.Chance;
            }
        }

        return propensity * chances[chosen];
    }

    /// <summary>The places of those that stand level with the first, itself included.</summary>
    private static int Level(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> order, Span<int> level)
    {
        ref readonly var first = ref candidates[order[0].Candidate];
        var count = 0;
        for (var place = 0; place < order.Length && count < level.Length; place++)
        {
            ref readonly var other = ref candidates[order[place].Candidate];
            if (order[place].Key.Tier == order[0].Key.Tier
                && string.Equals(other.Deployment.CanonicalModel, first.Deployment.CanonicalModel, StringComparison.Ordinal)
                && SameCost(first.CostUsd, other.CostUsd))
            {
                level[count++] = place;
            }
        }

        return count;
    }

    // What costs are unknown are no reason to prefer either.
    private static bool SameCost(double a, double b) => a <= b * SamePrice && b <= a * SamePrice;

    private static void Chances(BalanceMode mode, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> order, ReadOnlySpan<int> level, Span<double> chances)
    {
        var least = double.PositiveInfinity;
        for (var i = 0; i < level.Length; i++)
        {
            least = Math.Min(least, Load(in candidates[order[level[i]].Candidate]));
        }

        var sum = 0.0;
        for (var i = 0; i < level.Length; i++)
        {
            ref readonly var candidate = ref candidates[order[level[i]].Candidate];
            chances[i] = mode == BalanceMode.LeastLoaded && Load(in candidate) > least ? 0 : candidate.Deployment.Weight;
            sum += chances[i];
        }

        for (var i = 0; i < level.Length; i++)
        {
            chances[i] /= sum;
        }
    }

    private static double Load(in Candidate candidate) => (candidate.State.Running ?? 0) / candidate.Deployment.Weight;

    private static int Draw(ReadOnlySpan<double> chances, double point)
    {
        var last = 0;
        for (var i = 0; i < chances.Length; i++)
        {
            if (chances[i] <= 0)
            {
                continue;
            }

            last = i;
            point -= chances[i];
            if (point < 0)
            {
                break;
            }
        }

        return last;
    }

    /// <summary>The chance of the first, divided among those that stand level with it; what exploration drew besides stays.</summary>
    private static DrawnChance[] Split(
        DrawnChance[] drawn, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> order, ReadOnlySpan<int> level, ReadOnlySpan<double> chances, double propensity)
    {
        var all = new List<DrawnChance>(drawn.Length + level.Length);
        for (var i = 0; i < level.Length; i++)
        {
            all.Add(new(candidates[order[level[i]].Candidate].Deployment, propensity * chances[i]));
        }

        var first = all[0].Deployment;
        foreach (var one in drawn)
        {
            var at = all.FindIndex(other => ReferenceEquals(other.Deployment, one.Deployment));
            if (at < 0)
            {
                all.Add(one);
            }
            else if (!ReferenceEquals(one.Deployment, first))
            {
                all[at] = one with { Chance = all[at].Chance + one.Chance };
            }
        }

        return [.. all.Where(static one => one.Chance > 0)];
    }
}
