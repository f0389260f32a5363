using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Repeats;

/// <summary>What k tries give, estimated from n tries of which c passed, without bias.</summary>
internal static class PassAtK
{
    /// <summary>pass@k, the chance that at least one of k tries passes: 1 - C(n-c, k) / C(n, k).</summary>
    /// <remarks>Chen et al., "Evaluating Large Language Models Trained on Code", arXiv 2107.03374, equation 1.</remarks>
    /// <returns>Null where n is below k: it cannot be told from fewer tries.</returns>
    public static double? AnyPasses(int tries, int passed, int k) =>
        Choices(tries, passed, k) ? 1 - Share(tries, tries - passed, k) : null;

    /// <summary>pass^k, the chance that all of k tries pass: C(c, k) / C(n, k).</summary>
    /// <remarks>Yao et al., "tau-bench", arXiv 2406.12045, section 4.</remarks>
    /// <returns>Null where n is below k.</returns>
    public static double? AllPass(int tries, int passed, int k) =>
        Choices(tries, passed, k) ? Share(tries, passed, k) : null;

    /// <summary>The mean of one of the two over items, with its error over items; items with fewer than k tries are left out.</summary>
    /// <returns>Null where no item has k tries. Its degrees of freedom tell how many items had them.</returns>
    public static MeanEstimate? Mean(ReadOnlySpan<int> tries, ReadOnlySpan<int> passed, int k, Func<int, int, int, double?> rate)
    {
        Moments.ThrowIfUneven(tries.Length, passed.Length);
        var rates = new List<double>(tries.Length);
        for (var i = 0; i < tries.Length; i++)
        {
            if (rate(tries[i], passed[i], k) is { } value)
            {
                rates.Add(value);
            }
        }

        return rates.Count > 0 ? MeanEstimate.Of(rates.ToArray()) : null;
    }

    private static bool Choices(int tries, int passed, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        ArgumentOutOfRangeException.ThrowIfNegative(passed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(passed, tries);
        return tries >= k;
    }

    /// <summary>C(some, k) / C(all, k), as a product of shares: no factorial overflows.</summary>
    private static double Share(int all, int some, int k)
    {
        double share = 1;
        for (var i = 0; i < k && share > 0; i++)
        {
            share *= (double)(some - i) / (all - i);
        }

        return Math.Max(0, share);
    }
}
