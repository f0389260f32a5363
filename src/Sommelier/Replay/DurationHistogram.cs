namespace Sommelier.Replay;

/// <summary>Durations in buckets of 0.7 %, from a millisecond to 17 minutes: a median of any number of them in a fixed space.</summary>
internal sealed class DurationHistogram
{
    private const int PerDoubling = 100;

    private readonly int[] counts = new int[20 * PerDoubling];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a duration.</summary>
    public void Add(TimeSpan duration)
    {
        var bucket = (int)(Math.Log2(Math.Max(duration.TotalMilliseconds, 1)) * PerDoubling);
        counts[Math.Min(bucket, counts.Length - 1)]++;
        Count++;
    }

    /// <summary>The lower median in milliseconds, at its bucket's middle.</summary>
    public double MedianMs()
    {
        var (bucket, seen) = (0, counts[0]);
        while (seen * 2L < Count)
        {
            seen += counts[++bucket];
        }

        return Math.Pow(2, (bucket + 0.5) / PerDoubling);
    }
}
