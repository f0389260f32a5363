using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Resampling;

/// <summary>A figure computed from a resample: the indices of the drawn items, each as often as it was drawn.</summary>
internal delegate double ResampledFigure(ReadOnlySpan<int> drawn);

/// <summary>
/// The bootstrap: items are drawn again with replacement, as many as there were, and the spread of the figure over the rounds
/// stands for its error.
/// </summary>
/// <remarks>
/// B. Efron, Annals of Statistics 7, 1979; percentile intervals: Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
/// chapter 13. Items are independent of each other; where they are not, draw whole clusters. A percentile interval is too
/// narrow below about 20 units. The same seed gives the same draws, so two figures of the same items and seed are paired.
/// </remarks>
internal static class Bootstrap
{
    public const int DefaultRounds = 2_000;

    /// <summary>The percentile interval of a mean. For two models on the same items, give the differences: that is the paired bootstrap.</summary>
    /// <param name="values">At least one, none of them NaN.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="rounds">Resamples, 2,000 unless said otherwise.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    public static Interval Mean(ReadOnlySpan<double> values, ulong seed, int rounds = DefaultRounds, double confidence = 0.95)
    {
        var means = new double[rounds];
        Means(values, new(seed), means);
        return Percentile(means, confidence);
    }

    /// <summary>As above, but whole clusters are drawn: of C clusters, C; the mean is over all items of the drawn ones.</summary>
    /// <remarks>Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8, strategy 1.</remarks>
    public static Interval Mean(ReadOnlySpan<double> values, Clusters clusters, ulong seed, int rounds = DefaultRounds, double confidence = 0.95)
    {
        var means = new double[rounds];
        Means(values, clusters, new(seed), means);
        return Percentile(means, confidence);
    }

    /// <summary>The percentile interval of any figure of n items.</summary>
    public static Interval Of(int count, ResampledFigure figure, ulong seed, int rounds = DefaultRounds, double confidence = 0.95)
    {
        var figures = new double[rounds];
        Figures(count, figure, new(seed), figures);
        return Percentile(figures, confidence);
    }

    /// <summary>Fills the means of as many resamples as there is room for, in the order drawn.</summary>
    public static void Means(ReadOnlySpan<double> values, SeededRandom random, Span<double> means)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        var drawn = new int[values.Length];
        foreach (ref var mean in means)
        {
            random.Fill(drawn, values.Length);
            double sum = 0;
            foreach (var item in drawn)
            {
                sum += values[item];
            }

            mean = sum / values.Length;
        }
    }

    /// <summary>Fills the means of resamples of whole clusters.</summary>
    public static void Means(ReadOnlySpan<double> values, Clusters clusters, SeededRandom random, Span<double> means)
    {
        var sums = clusters.Sums(values);
        var drawn = new int[sums.Length];
        foreach (ref var mean in means)
        {
            random.Fill(drawn, sums.Length);
            double sum = 0;
            var items = 0;
            foreach (var cluster in drawn)
            {
                sum += sums[cluster];
                items += clusters.Sizes[cluster];
            }

            mean = sum / items;
        }
    }

    /// <summary>Fills any figure of as many resamples as there is room for.</summary>
    public static void Figures(int count, ResampledFigure figure, SeededRandom random, Span<double> figures)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var drawn = new int[count];
        for (var round = 0; round < figures.Length; round++)
        {
            random.Fill(drawn, count);
            figures[round] = figure(drawn);
        }
    }

    /// <summary>The ends between which the middle share of the draws lies. Sorts them in place.</summary>
    public static Interval Percentile(Span<double> draws, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfZero(draws.Length, nameof(draws));
        draws.Sort();
        var tail = (1 - Interval.Checked(confidence)) / 2;
        return new(Quantile(draws, tail), Quantile(draws, 1 - tail));
    }

    /// <summary>The p quantile of sorted values, linear between neighbours (Hyndman and Fan's type 7, the default of R and NumPy).</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double p)
    {
        var at = Math.Clamp(p, 0, 1) * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 < sorted.Length ? sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below])) : sorted[^1];
    }
}
