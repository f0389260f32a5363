namespace Sommelier.Resilience;

/// <summary>Quantiles of recent durations in a handful of counters.</summary>
/// <remarks>
/// Buckets grow by 2^(1/4), so a quantile is off by at most 9 %; at 256 samples every count is halved, so what is older
/// than a few hundred requests fades. Not thread-safe.
/// </remarks>
internal sealed class LatencySketch
{
    private const int PerDoubling = 4;
    private const int HalveAt = 256;

    // From 1 ms to 2^20 ms, about 17 minutes.
    private readonly float[] counts = new float[20 * PerDoubling];
    private float total;

    /// <summary>How many durations weigh in; never more than 256.</summary>
    public float Count => total;

    /// <summary>Whether there is anything to tell.</summary>
    public bool IsEmpty => total == 0;

    /// <summary>Takes a duration.</summary>
    public void Add(TimeSpan duration)
    {
        var bucket = (int)(Math.Log2(Math.Max(duration.TotalMilliseconds, 1)) * PerDoubling);
        counts[Math.Clamp(bucket, 0, counts.Length - 1)]++;
        if (++total < HalveAt)
        {
            return;
        }

        total = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] /= 2;
            total += counts[i];
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(counts);
        total = 0;
    }

    /// <summary>A quantile in milliseconds, at its bucket's middle; null without samples.</summary>
    public double? Quantile(double share)
    {
        if (IsEmpty)
        {
            return null;
        }

        var wanted = share * total;
        var seen = 0f;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= wanted && counts[i] > 0)
            {
                return Math.Pow(2, (i + 0.5) / PerDoubling);
            }
        }

        return Math.Pow(2, (counts.Length - 0.5) / PerDoubling);
    }
}
