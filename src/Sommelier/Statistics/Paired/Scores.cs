using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Paired;

/// <summary>One model's scores, in the order of the items; NaN where an item has none.</summary>
internal static class Scores
{
    /// <summary>Whether every score is 0 or 1. A missing one is neither.</summary>
    public static bool AreBinary(ReadOnlySpan<double> scores) => scores.IndexOfAnyExcept(0.0, 1.0) < 0;

    /// <summary>One mean per item out of scores of its repeats, in the order of <see cref="Clusters.Codes"/>; NaN for an item with none.</summary>
    /// <remarks>With equally many repeats, items' means as independent values give the same error as the repeats in clusters.</remarks>
    public static double[] ItemMeans(ReadOnlySpan<double> scores, Clusters items)
    {
        Moments.ThrowIfUneven(scores.Length, items.Codes.Length);
        var means = new double[items.Count];
        var counts = new int[items.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            if (!double.IsNaN(scores[i]))
            {
                means[items.Codes[i]] += scores[i];
                counts[items.Codes[i]]++;
            }
        }

        for (var item = 0; item < means.Length; item++)
        {
            means[item] = counts[item] > 0 ? means[item] / counts[item] : double.NaN;
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
