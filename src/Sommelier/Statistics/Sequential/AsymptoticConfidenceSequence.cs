using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Sequential;

/// <summary>An interval of a mean that holds at every look at once: one may look after each item and stop when it suits.</summary>
/// <remarks>
/// Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
/// Annals of Statistics 52, 2024, in the form with the running variance v:
/// half = sqrt( (n v r + 1) / (n^2 r) * ln((n v r + 1) / alpha^2) ), r = (-2 ln alpha + ln(-2 ln alpha) + 1) / tightest.
/// Asymptotic: do not trust it before about twenty items. Items are independent of each other and come in random order.
/// </remarks>
internal sealed class AsymptoticConfidenceSequence
{
    private readonly double alpha;
    private readonly double rho2;
    private double mean;
    private double squares;

    /// <param name="alpha">The chance that the interval ever misses, 0 to 1.</param>
    /// <param name="tightest">n v at which it is tightest: items times variance. 100 unless said otherwise.</param>
    public AsymptoticConfidenceSequence(double alpha = 0.05, double tightest = 100)
    {
        Interval.Checked(1 - alpha);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tightest);
        this.alpha = alpha;
        var log = -2 * Math.Log(alpha);
        rho2 = (log + Math.Log(log) + 1) / tightest;
    }

    public int Count { get; private set; }

    public double Mean => mean;

    /// <summary>Of the mean, at this look and all others.</summary>
    public Interval Interval => Count == 0 ? Intervals.Interval.Unbounded : Intervals.Interval.Around(mean, HalfWidth(Count, squares / Count));

    public void Add(double value)
    {
        // Welford's running mean and sum of squares, Technometrics 4, 1962.
        Count++;
        var away = value - mean;
        mean += away / Count;
        squares += away * (value - mean);
    }

    private double HalfWidth(double n, double variance)
    {
        var scaled = (n * variance * rho2) + 1;
        return Math.Sqrt(scaled / (n * n * rho2) * Math.Log(scaled / (alpha * alpha)));
    }
}
