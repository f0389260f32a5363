using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Distributions;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Resampling;

/// <summary>
/// The bias-corrected and accelerated bootstrap interval of a mean: for scores that are not 0 or 1 with too few items for
/// Student's t to forgive their skew (below about a hundred).
/// </summary>
/// <remarks>
/// B. Efron, "Better bootstrap confidence intervals", JASA 82, 1987; Efron and Tibshirani, 1993, chapter 14. The ends are the
/// percentiles Phi(z0 + (z0 + z)/(1 - a(z0 + z))) of the resampled means, with z0 = Phi^-1(share of them below the mean, ties
/// counted half) and a = sum(l^3) / (6 sum(l^2)^1.5) from the jackknife's l.
/// </remarks>
internal static class BcaBootstrap
{
    /// <param name="values">At least one, independent of each other, none of them NaN.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="rounds">Resamples, 2,000 unless said otherwise.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    /// <returns>Both ends at the mean where all values are equal, and no bound for a single value.</returns>
    public static Interval Mean(ReadOnlySpan<double> values, ulong seed, int rounds = Bootstrap.DefaultRounds, double confidence = 0.95)
    {
        var mean = Moments.Mean(values);
        if (values.Length == 1)
        {
            return Interval.Unbounded;
        }

        var acceleration = Acceleration(values, mean);
        if (double.IsNaN(acceleration))
        {
            return new(mean, mean);
        }

        var means = new double[rounds];
        Bootstrap.Means(values, new SeededRandom(seed), means);
        means.AsSpan().Sort();
        var bias = NormalDistribution.Quantile(ShareBelow(means, mean));
        var z = NormalDistribution.TwoSided(Interval.Checked(confidence));
        return new(End(-z), End(z));

        double End(double direction)
        {
            var moved = bias + direction;
            return Bootstrap.Quantile(means, NormalDistribution.Cumulative(bias + (moved / (1 - (acceleration * moved)))));
        }
    }

    /// <summary>A sixth of the skewness of the mean; NaN where nothing varies. Leaving out one value moves the mean by (mean - x)/(n - 1), so the values serve for the jackknife.</summary>
    internal static double Acceleration(ReadOnlySpan<double> values, double mean)
    {
        double squares = 0, cubes = 0;
        foreach (var value in values)
        {
            var influence = value - mean;
            squares += influence * influence;
            cubes += influence * influence * influence;
        }

        return squares > 0 ? cubes / (6 * Math.Pow(squares, 1.5)) : double.NaN;
    }

    private static double ShareBelow(ReadOnlySpan<double> sorted, double mean)
    {
        // Sums in another order differ in the last bits: equal means must count as equal.
        var tolerance = 1e-12 * Math.Max(1, Math.Abs(mean));
        double below = 0;
        foreach (var value in sorted)
        {
            below += value < mean - tolerance ? 1 : value <= mean + tolerance ? 0.5 : 0;
        }

        // One-sided draws would put the ends at infinity.
        return Math.Clamp(below / sorted.Length, 0.5 / sorted.Length, 1 - (0.5 / sorted.Length));
    }
}
