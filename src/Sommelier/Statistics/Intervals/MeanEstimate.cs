using Sommelier.Statistics.Distributions;

namespace Sommelier.Statistics.Intervals;

/// <summary>A mean with what is known about its error.</summary>
/// <param name="Mean">In the unit of the scores.</param>
/// <param name="StandardError">Of the mean, same unit; NaN where one independent unit alone was seen.</param>
/// <param name="Degrees">Degrees of freedom of Student's t: independent units (items or clusters) less one.</param>
internal sealed record MeanEstimate(double Mean, double StandardError, double Degrees)
{
    /// <summary>Mean plus and minus t times the standard error; unbounded with no degrees of freedom.</summary>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    public Interval Interval(double confidence = 0.95) =>
        Degrees > 0
            ? Intervals.Interval.Around(Mean, StudentT.TwoSided(Intervals.Interval.Checked(confidence), Degrees) * StandardError)
            : Intervals.Interval.Unbounded;

    /// <summary>The two-sided p value of "the true mean is this": 1 where mean and hypothesis agree to the last bit.</summary>
    public double PValue(double hypothesis = 0)
    {
        if (Mean == hypothesis || !(Degrees > 0))
        {
            return 1;
        }

        return StandardError == 0 ? 0 : StudentT.TwoSidedP((Mean - hypothesis) / StandardError, Degrees);
    }

    /// <summary>Independent items: SE = s / sqrt(n), n - 1 degrees of freedom.</summary>
    /// <remarks>
    /// Student, "The probable error of a mean", Biometrika 6, 1908. For scores that are not 0 or 1, from about a hundred items
    /// on; below that see <see cref="Resampling.BcaBootstrap"/>, for 0 and 1 see <see cref="WilsonInterval"/>.
    /// </remarks>
    public static MeanEstimate Of(ReadOnlySpan<double> values)
    {
        var mean = Moments.Mean(values);
        var error = values.Length > 1 ? Math.Sqrt(Moments.Variance(values, mean) / values.Length) : double.NaN;
        return new(mean, error, values.Length - 1);
    }
}
