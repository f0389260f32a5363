namespace Sommelier.Telemetry.Prometheus;

/// <summary>The running value of one metric with one set of labels. Lock-free.</summary>
internal sealed class Series
{
    private readonly double[]? bounds;
    private readonly long[]? buckets;
    private long whole;
    private double fraction;

    public Series(TagSet tags, double[]? bounds)
    {
        Tags = tags;
        this.bounds = bounds;
        buckets = bounds is null ? null : new long[bounds.Length + 1];
    }

    public TagSet Tags { get; }

    /// <summary>The whole part, exact in 64 bits.</summary>
    public long Whole => Interlocked.Read(ref whole);

    /// <summary>What was measured as a floating-point number.</summary>
    public double Fraction => Volatile.Read(ref fraction);

    /// <summary>Measurements per bucket, the last one above every bound; empty when it is no histogram.</summary>
    public ReadOnlySpan<long> Buckets => buckets;

    public void Add(long value) => Interlocked.Add(ref whole, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref fraction);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref fraction, seen + value, seen);
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen))
            {
                return;
            }

            seen = before;
        }
    }

    public void Set(long value) => Interlocked.Exchange(ref whole, value);

    public void Set(double value) => Volatile.Write(ref fraction, value);

    /// <summary>Counts a measurement into its bucket: the first whose bound is not below it.</summary>
    public void Observe(double value)
    {
        var index = 0;
        while (index < bounds!.Length && value > bounds[index])
        {
            index++;
        }

        Interlocked.Increment(ref buckets![index]);
        Add(value);
    }
}
