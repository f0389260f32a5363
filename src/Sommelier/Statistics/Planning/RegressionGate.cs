using Sommelier.Statistics.Distributions;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Planning;

internal enum Verdict
{
    Pass,
    Fail,
    Inconclusive,
}

/// <summary>What a gate says.</summary>
/// <param name="Verdict">Pass, fail, or not enough items to tell.</param>
/// <param name="Interval">Of the difference, new less base.</param>
/// <param name="ItemsNeeded">
/// When inconclusive: items in all with which a verdict would follow with a chance of 80 %, were the difference what it seems
/// now; null where no number of items would do, or none can be told from what was seen.
/// </param>
internal sealed record GateResult(Verdict Verdict, Interval Interval, int? ItemsNeeded);

/// <summary>Whether a new model or prompt may replace the one in use.</summary>
/// <remarks>
/// A test of non-inferiority by confidence interval (Walker and Nowacki, J. General Internal Medicine 26, 2011). PASS: the
/// interval lies above -tolerance, so a loss that matters is ruled out. FAIL: it lies below zero, so it is worse for sure. A
/// strict gate is strict about the proof and not about the model: it fails only what lies below -tolerance, a loss beyond what is
/// accepted, so that it fails less and leaves more open. Pass goes first: a loss that is certain but within the tolerance passes.
/// </remarks>
/// <param name="Tolerance">The loss that is still accepted, in the unit of the scores, 0 or above.</param>
/// <param name="Confidence">Of the two-sided interval, 0.95 unless said otherwise.</param>
/// <param name="Strict">Whether only a loss beyond the tolerance fails.</param>
internal sealed record RegressionGate(double Tolerance, double Confidence = 0.95, bool Strict = false)
{
    private double FailsBelow => Strict ? -Tolerance : 0;

    /// <param name="difference">New less base, paired.</param>
    /// <param name="items">How many items it is from.</param>
    /// <param name="interval">Of the difference where a better one than Student's t is at hand.</param>
    public GateResult Judge(MeanEstimate difference, int items, Interval? interval = null)
    {
        var range = interval ?? difference.Interval(Confidence);
        var verdict = range.Low > -Tolerance ? Verdict.Pass : range.High < FailsBelow ? Verdict.Fail : Verdict.Inconclusive;
        return new(verdict, range, verdict == Verdict.Inconclusive ? Needed(difference, items) : null);
    }

    private int? Needed(MeanEstimate difference, int items)
    {
        // The distance to the nearer verdict; the error shrinks with the root of the items.
        var distance = Math.Max(difference.Mean + Tolerance, FailsBelow - difference.Mean);
        if (!(difference.StandardError > 0) || distance <= 0)
        {
            return null;
        }

        var z = NormalDistribution.TwoSided(Confidence) + NormalDistribution.Quantile(PairedPower.UsualPower);
        var needed = Math.Ceiling(items * Math.Pow(z * difference.StandardError / distance, 2));
        return needed < int.MaxValue ? Math.Max(items + 1, (int)needed) : null;
    }
}
