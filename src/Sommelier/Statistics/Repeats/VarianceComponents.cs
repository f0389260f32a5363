using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Repeats;

/// <summary>
/// What part of the spread lies between items and what part within an item's repeats: whether more items or more repeats would
/// help.
/// </summary>
/// <remarks>
/// One-way random effects by the method of moments, also for unequal numbers of repeats (Searle, Casella and McCulloch,
/// Variance Components, 1992, chapter 3): within = SSW / (N - n), between = (MSB - within) / k0, not below zero, with
/// k0 = (N - sum k_i^2 / N) / (n - 1). The standard error of a mean of n items with K repeats each is
/// sqrt((between + within/K) / n) (Miller, arXiv 2411.00640, section 3).
/// </remarks>
/// <param name="Between">Variance of the items' true means.</param>
/// <param name="Within">Mean variance of one item's repeats.</param>
internal sealed record VarianceComponents(double Between, double Within)
{
    /// <summary>From scores and the item that each belongs to. At least two items, and one of them repeated.</summary>
    public static VarianceComponents Of(ReadOnlySpan<double> values, Clusters items)
    {
        if (items.Count < 2 || items.Count == values.Length)
        {
            throw new ArgumentException("Variance within items needs at least two items and a repeat of one of them.", nameof(items));
        }

        var sums = items.Sums(values);
        var mean = Moments.Mean(values);
        double between = 0, within = 0, sizes = 0;
        for (var i = 0; i < sums.Length; i++)
        {
            double size = items.Sizes[i];
            between += size * Math.Pow((sums[i] / size) - mean, 2);
            sizes += size * size;
        }

        for (var j = 0; j < values.Length; j++)
        {
            var item = items.Codes[j];
            within += Math.Pow(values[j] - (sums[item] / items.Sizes[item]), 2);
        }

        within /= values.Length - sums.Length;
        var typical = (values.Length - (sizes / values.Length)) / (sums.Length - 1);
        return new(Math.Max(0, ((between / (sums.Length - 1)) - within) / typical), within);
    }

    /// <summary>The standard error to expect of a mean over so many items with so many repeats each.</summary>
    public double StandardError(int items, int repeats)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(items);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repeats);
        return Math.Sqrt((Between + (Within / repeats)) / items);
    }
}
