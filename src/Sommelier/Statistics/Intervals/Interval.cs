using System.Runtime.InteropServices;

namespace Sommelier.Statistics.Intervals;

/// <summary>Two ends, in the unit of what is estimated. Infinite ends where the data set no bound.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>What one value alone says of a mean.</summary>
    public static Interval Unbounded => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Half of its width; for an interval that is not symmetric, not the distance to the estimate.</summary>
    public double HalfWidth => (High - Low) / 2;

    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>What of it lies within a range: for scores that cannot leave it. The part cut off could not hold the truth.</summary>
    public Interval Within(double low, double high) => new(Math.Clamp(Low, low, high), Math.Clamp(High, low, high));

    public static Interval Around(double centre, double half) => new(centre - half, centre + half);

    /// <summary>Confidence must lie between 0 and 1: 0.95, never 95.</summary>
    public static double Checked(double confidence) =>
        confidence is > 0 and < 1 ? confidence : throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "Confidence is a share between 0 and 1, such as 0.95.");
}
