namespace Sommelier.Routing;

/// <summary>Moves another provider's close candidate forward, so that one provider's outage does not fail the first attempts one by one.</summary>
internal static class FallbackSpread
{
    /// <summary>How many places after the first are spread.</summary>
    private const int Places = 2;

    // "Close": at most three points less quality, and at most twice the cost or a hundredth of a cent more.
    private const double QualityPoints = 0.03;
    private const double CostFactor = 2;
    private const double CostUsd = 0.0001;

    public static void Apply(ReadOnlySpan<Candidate> candidates, Span<Place> order)
    {
        for (var place = 1; place <= Places && place < order.Length - 1; place++)
        {
            if (!ProviderUsed(candidates, order[..place], in candidates[order[place].Candidate]))
            {
                continue;
            }

            for (var later = place + 1; later < order.Length; later++)
            {
                ref readonly var other = ref candidates[order[later].Candidate];
                if (order[later].Key.Tier == order[place].Key.Tier
                    && IsClose(in candidates[order[place].Candidate], in other)
                    && !ProviderUsed(candidates, order[..place], in other))
                {
                    MoveTo(order, later, place);
                    break;
                }
            }
        }
    }

    /// <summary>Moves one place forward and the ones between back by one.</summary>
    public static void MoveTo(Span<Place> order, int from, int to)
    {
        var moved = order[from];
        order[to..from].CopyTo(order[(to + 1)..]);
        order[to] = moved;
    }

    private static bool IsClose(in Candidate first, in Candidate other) =>
        other.QualityLow >= first.QualityLow - QualityPoints
        && other.CostUsd <= (first.CostUsd * CostFactor) + CostUsd;

    private static bool ProviderUsed(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<Place> before, in Candidate candidate)
    {
        foreach (var place in before)
        {
            if (string.Equals(candidates[place.Candidate].Deployment.Provider, candidate.Deployment.Provider, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
