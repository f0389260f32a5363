using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Paired;

/// <summary>One model's scores, in the order of the items; NaN where an item has none.</summary>
internal static class Scores
{
    /// <summary>Whether every score is 0 or 1. A missing one is neither.</summary>
    public static bool AreBinary(ReadOnlySpan<double> scores) => scores.IndexOfAnyExcept(0.0, 1.0) < 0;

    /// <summary>
    /// One mean per item out of scores of its repeats; NaN for an item with none. Two models are compared on these: the third try
    /// of one has nothing to do with the third of the other.
    /// </summary>
    /// <remarks>With equally many repeats, items' means as independent values give the same error as the repeats in clusters.</remarks>
    /// <param name="scores">One per item and repeat, in any order; NaN where missing.</param>
    /// <param name="items">The item of each, from 0 to below <paramref name="count"/>; the same numbers for both models.</param>
    /// <param name="count">How many items there are.</param>
    public static double[] ItemMeans(ReadOnlySpan<double> scores, ReadOnlySpan<int> items, int count)
    {
        Moments.ThrowIfUneven(scores.Length, items.Length);
        var means = new double[count];
        var given = new int[count];
        for (var i = 0; i < scores.Length; i++)
        {
            if (!double.IsNaN(scores[i]))
            {
                means[items[i]] += scores[i];
                given[items[i]]++;
            }
        }

        for (var item = 0; item < count; item++)
        {
            means[item] = given[item] > 0 ? means[item] / given[item] : double.NaN;
        }

        return means;
    }

    /// <summary>The scores that are kept, in their order.</summary>
    internal static double[] Keep(ReadOnlySpan<double> scores, ReadOnlySpan<bool> keep, int count)
    {
        var kept = new double[count];
        var next = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (keep[i])
            {
                kept[next++] = scores[i];
            }
        }

        return kept;
    }
}
