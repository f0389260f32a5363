using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Intervals;

/// <summary>
/// A mean over items that are not independent: questions on one text, cases of one template, repeats of one item. Taking them
/// for independent makes the error too small.
/// </summary>
/// <remarks>
/// SE = sqrt( C/(C-1) * sum over clusters of (sum of (s_i - mean))^2 ) / n with C - 1 degrees of freedom: Liang and Zeger,
/// Biometrika 73, 1986, as used by E. Miller, "Adding Error Bars to Evals", arXiv 2411.00640. It is too small below about
/// twenty clusters (Cameron and Miller, J. Human Resources 50, 2015), for which the t distribution makes up in part.
/// </remarks>
internal static class ClusteredMean
{
    /// <param name="values">At least one, none of them NaN.</param>
    /// <param name="clusters">Of the same items.</param>
    public static MeanEstimate Of(ReadOnlySpan<double> values, Clusters clusters)
    {
        var mean = Moments.Mean(values);
        var sums = clusters.Sums(values);
        double squares = 0;
        for (var c = 0; c < sums.Length; c++)
        {
            var away = sums[c] - (clusters.Sizes[c] * mean);
            squares += away * away;
        }

        var count = (double)clusters.Count;
        var error = count > 1 ? Math.Sqrt(count / (count - 1) * squares) / values.Length : double.NaN;
        return new(mean, error, count - 1);
    }

    /// <summary>How many times the variance of independent items the clustered one is (Kish, Survey Sampling, 1965); 1 where nothing varies.</summary>
    public static double DesignEffect(ReadOnlySpan<double> values, Clusters clusters)
    {
        var clustered = Of(values, clusters);
        var independent = MeanEstimate.Of(values);
        return independent.StandardError > 0 ? Math.Pow(clustered.StandardError / independent.StandardError, 2) : 1;
    }
}
