using System.Runtime.InteropServices;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Evals.Reports;

/// <summary>A mean score with its error.</summary>
/// <param name="Mean">0 to 1.</param>
/// <param name="Low">The lower end of the 95 % interval.</param>
/// <param name="High">The upper end.</param>
/// <param name="Items">Scores that it is of.</param>
/// <param name="Clusters">Of these, how many are independent.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ScoreEstimate(double Mean, double Low, double High, int Items, int Clusters)
{
    private const int EnoughForStudent = 100;
    private const ulong Seed = 1;

    /// <summary>Of scores and the cluster of each. At least one.</summary>
    /// <remarks>
    /// Independent yes and no: Wilson. Other independent scores: Student's t from a hundred on, the BCa bootstrap below. Scores
    /// that share clusters (repeats of a case always do): whole clusters are drawn.
    /// </remarks>
    public static ScoreEstimate Of(IReadOnlyList<double> scores, IReadOnlyList<string> clusters)
    {
        double[] values = [.. scores];
        var groups = Resampling(clusters);
        var mean = Moments.Mean(values);
        var interval = groups.Count < values.Length ? Bootstrap.Mean(values, groups, Seed)
            : Array.TrueForAll(values, static value => value is 0 or 1) ? WilsonInterval.Of(values.Sum(), values.Length)
            : values.Length >= EnoughForStudent ? MeanEstimate.Of(values).Interval()
            : BcaBootstrap.Mean(values, Seed);
        return new(mean, Math.Max(0, interval.Low), Math.Min(1, interval.High), values.Length, groups.Count);
    }

    private static Clusters Resampling(IReadOnlyList<string> clusters) => Statistics.Resampling.Clusters.Of<string>([.. clusters]);
}
