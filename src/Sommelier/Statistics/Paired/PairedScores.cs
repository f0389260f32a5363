using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Paired;

/// <summary>
/// Two models' scores on the same items, item by item. Always compare so: what makes an item hard is hard for both, and falls
/// out of the difference.
/// </summary>
/// <remarks>
/// A score of NaN is missing (an error of the infrastructure, not a wrong answer) and takes its item out of both lists.
/// </remarks>
internal sealed class PairedScores
{
    private readonly double[] a;
    private readonly double[] b;
    private readonly double[] differences;

    private PairedScores(double[] a, double[] b, Clusters? clusters, int missing)
    {
        (this.a, this.b, Clusters, Missing) = (a, b, clusters, missing);
        differences = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
        {
            differences[i] = a[i] - b[i];
        }
    }

    public ReadOnlySpan<double> A => a;

    public ReadOnlySpan<double> B => b;

    /// <summary>A less B, so above zero where A is better.</summary>
    public ReadOnlySpan<double> Differences => differences;

    /// <summary>Of the items that are left; null where they are independent.</summary>
    public Clusters? Clusters { get; }

    /// <summary>Items with both scores.</summary>
    public int Count => a.Length;

    /// <summary>Items that lack a score of A, of B or of both.</summary>
    public int Missing { get; }

    /// <summary>Independent units: clusters where there are any, else items.</summary>
    public int Units => Clusters?.Count ?? Count;

    /// <summary>Whether every score is 0 or 1.</summary>
    public bool AreBinary => Scores.AreBinary(a) && Scores.AreBinary(b);

    /// <param name="a">Scores of A, one per item, in the order of the items; NaN where missing.</param>
    /// <param name="b">Scores of B on the same items.</param>
    /// <param name="clusters">Of the items; null where they are independent.</param>
    public static PairedScores Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Clusters? clusters = null)
    {
        Moments.ThrowIfUneven(a.Length, b.Length);
        var keep = new bool[a.Length];
        var kept = 0;
        for (var i = 0; i < a.Length; i++)
        {
            keep[i] = !double.IsNaN(a[i]) && !double.IsNaN(b[i]);
            kept += keep[i] ? 1 : 0;
        }

        return kept == a.Length
            ? new(a.ToArray(), b.ToArray(), clusters, 0)
            : new(Scores.Keep(a, keep, kept), Scores.Keep(b, keep, kept), clusters?.Where(keep), a.Length - kept);
    }

    /// <summary>
    /// The mean difference with its error: sd(d) / sqrt(n), or clustered, with Student's t (n - 1 or C - 1 degrees of freedom).
    /// </summary>
    /// <remarks>Miller, arXiv 2411.00640, section 4; for items in clusters as <see cref="ClusteredMean"/>.</remarks>
    public MeanEstimate Difference() =>
        Clusters is null ? MeanEstimate.Of(differences) : ClusteredMean.Of(differences, Clusters);

    /// <summary>The percentile interval of the mean difference over resampled items or clusters.</summary>
    public Interval Bootstrap(ulong seed, int rounds = Resampling.Bootstrap.DefaultRounds, double confidence = 0.95) =>
        Clusters is null
            ? Resampling.Bootstrap.Mean(differences, seed, rounds, confidence)
            : Resampling.Bootstrap.Mean(differences, Clusters, seed, rounds, confidence);
}
