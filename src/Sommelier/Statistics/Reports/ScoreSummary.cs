using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Paired;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Reports;

/// <summary>Which interval was taken, for the report.</summary>
internal enum IntervalMethod
{
    /// <summary>No score, or one independent unit of scores that are not within [0, 1]: nothing can be said.</summary>
    None,
    Wilson,
    StudentT,
    ClusteredT,
    BcaBootstrap,
}

/// <summary>One column of a report: a model's mean score with its interval, by the method that fits the scores.</summary>
/// <param name="Count">Scores that are there.</param>
/// <param name="Missing">Scores that are not: errors of the infrastructure, not wrong answers.</param>
/// <param name="Units">Independent units: clusters where there are any, else scores.</param>
/// <param name="Mean">Null without a score.</param>
/// <param name="StandardError">Null with less than two units.</param>
/// <param name="Interval">Null where nothing can be said.</param>
/// <param name="Method">How the interval was made.</param>
internal sealed record ScoreSummary(
    int Count, int Missing, int Units, double? Mean, double? StandardError, Interval? Interval, IntervalMethod Method)
{
    /// <summary>More scores than this are needed for Student's t with scores that are not 0 or 1.</summary>
    public const int LargeFrom = 100;

    private const double MostMissing = 0.02;

    /// <summary>More than 2 % are missing: what is left may no longer stand for the suite.</summary>
    public bool IsUnreliable => Missing > MostMissing * (Count + Missing);

    /// <summary>
    /// Wilson's for independent scores of 0 and 1; Student's t for others from a hundred on, the BCa bootstrap below; the
    /// clustered t for clusters and repeats. Where nothing varies at all, Wilson's over the units: it does not take a few equal
    /// scores for certainty. Scores in [0, 1] have their intervals there too.
    /// </summary>
    /// <param name="scores">One per case, or per case and repeat; NaN where missing.</param>
    /// <param name="clusters">Of the scores, by document, template, or the item that was repeated; null where they are independent.</param>
    /// <param name="seed">Of the bootstrap's draws.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    public static ScoreSummary Of(ReadOnlySpan<double> scores, Clusters? clusters = null, ulong seed = 0, double confidence = 0.95)
    {
        var keep = new bool[scores.Length];
        var count = 0;
        for (var i = 0; i < keep.Length; i++)
        {
            keep[i] = !double.IsNaN(scores[i]);
            count += keep[i] ? 1 : 0;
        }

        var missing = scores.Length - count;
        if (count == 0)
        {
            return new(0, missing, 0, null, null, null, IntervalMethod.None);
        }

        var present = Scores.Keep(scores, keep, count);
        var units = missing == 0 ? clusters : clusters?.Where(keep);
        var clustered = units is not null && units.Count < count;
        var estimate = clustered ? ClusteredMean.Of(present, units!) : MeanEstimate.Of(present);
        var (interval, method) = Choose(present, clustered, estimate, seed, confidence);
        return new(count, missing, clustered ? units!.Count : count, estimate.Mean, estimate.Degrees > 0 ? estimate.StandardError : null, interval, method);
    }

    private static (Interval? Interval, IntervalMethod Method) Choose(double[] scores, bool clustered, MeanEstimate estimate, ulong seed, double confidence)
    {
        var independent = estimate.Degrees + 1;
        var within = scores.AsSpan().IndexOfAnyExceptInRange(0.0, 1.0) < 0;
        if (within && (!(estimate.StandardError > 0) || (!clustered && Scores.AreBinary(scores))))
        {
            return (WilsonInterval.Of(estimate.Mean * independent, independent, confidence), IntervalMethod.Wilson);
        }

        if (estimate.Degrees == 0)
        {
            return (null, IntervalMethod.None);
        }

        if (!clustered && scores.Length < LargeFrom)
        {
            return (BcaBootstrap.Mean(scores, seed, confidence: confidence), IntervalMethod.BcaBootstrap);
        }

        var interval = estimate.Interval(confidence);
        return (within ? interval.Within(0, 1) : interval, clustered ? IntervalMethod.ClusteredT : IntervalMethod.StudentT);
    }
}
