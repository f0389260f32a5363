using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Resilience;

/// <summary>What hedges may take: a share of the requests, and money per hour. One for the whole process.</summary>
/// <remarks>
/// Each request that could be hedged puts its policy's share into the pot, each hedge takes one out, so hedges are never more than that
/// share of the requests so far; and never more than ten at once after a quiet time, which is when all are late together and twice the
/// load is the last thing that a provider needs. Money is held before a hedge by the cost of its input, and counted by what it was.
/// </remarks>
internal sealed class HedgeBudget(TimeProvider time)
{
    private const double MostSaved = 10;
    private const int Minutes = 60;

    private readonly Lock gate = new();
    private readonly long[] spent = new long[Minutes];
    private long minute;
    private double saved;

    /// <summary>A request came that could be hedged.</summary>
    public void Count(HedgeSettings settings)
    {
        lock (gate)
        {
            saved = Math.Min(saved + settings.MaxShare, MostSaved);
        }
    }

    /// <summary>Takes a hedge out of the pot.</summary>
    /// <param name="settings">What the policy allows.</param>
    /// <param name="nanoUsd">What it costs at least.</param>
    /// <returns>Whether there is enough.</returns>
    public bool TryTake(HedgeSettings settings, long nanoUsd)
    {
        lock (gate)
        {
            // A share of one twentieth, twenty times, is a little less than one.
            if (saved < 1 - 1e-9 || Spent() + nanoUsd > settings.MaxUsdPerHour.ToNanoUsd())
            {
                return false;
            }

            saved = Math.Max(0, saved - 1);
            spent[minute % Minutes] += nanoUsd;
            return true;
        }
    }

    /// <summary>A hedge is over: what it cost takes the place of what was held for it.</summary>
    public void Settle(long heldNanoUsd, long costNanoUsd)
    {
        lock (gate)
        {
            Spent();
            spent[minute % Minutes] += costNanoUsd - heldNanoUsd;
        }
    }

    // Of the last hour. Within the gate.
    private long Spent()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        for (var passed = Math.Max(minute + 1, now - Minutes + 1); passed <= now; passed++)
        {
            spent[passed % Minutes] = 0;
        }

        minute = Math.Max(minute, now);
        long sum = 0;
        foreach (var one in spent)
        {
            sum += one;
        }

        return Math.Max(0, sum);
    }
}
