using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sommelier.Telemetry.Prometheus;

/// <summary>All series of one instrument.</summary>
internal sealed class MetricFamily
{
    /// <summary>More series than this are summed up in one, so that a free-text attribute cannot fill the memory.</summary>
    public const int MaxSeries = 2_000;

    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly ConcurrentDictionary<TagSet, Series> series = new(new TagSetComparer());
    private readonly ConcurrentDictionary<TagSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> byTags;
    private int count;

    private MetricFamily(Instrument instrument, MetricKind kind, bool absolute, double[]? bounds)
    {
        Kind = kind;
        Absolute = absolute;
        Bounds = bounds;
        Name = PrometheusName.Metric(instrument.Name, instrument.Unit, kind);
        Help = instrument.Description ?? "";
        byTags = series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Upper bounds of the buckets, ascending; null when it is no histogram.</summary>
    public double[]? Bounds { get; }

    /// <summary>Whether a measurement is the value itself and not an addition to it: an observable instrument, a gauge.</summary>
    public bool Absolute { get; }

    public IEnumerable<Series> Series => series.Values;

    /// <summary>The family of an instrument, or null when its kind is unknown.</summary>
    public static MetricFamily? Of(Instrument instrument) =>
        Of<long>(instrument) ?? Of<double>(instrument) ?? Of<int>(instrument) ?? Of<float>(instrument)
        ?? Of<short>(instrument) ?? Of<byte>(instrument) ?? Of<decimal>(instrument);

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var one = Find(tags);
        if (Bounds is not null)
        {
            one.Observe(value);
        }
        else if (Absolute)
        {
            one.Set(value);
        }
        else
        {
            one.Add(value);
        }
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var one = Find(tags);
        if (Bounds is not null)
        {
            one.Observe(value);
        }
        else if (Absolute)
        {
            one.Set(value);
        }
        else
        {
            one.Add(value);
        }
    }

    /// <summary>Forgets the series; what is not observed again is gone.</summary>
    public void Clear()
    {
        series.Clear();
        count = 0;
    }

    private static MetricFamily? Of<T>(Instrument instrument)
        where T : struct => instrument switch
        {
            Counter<T> => new MetricFamily(instrument, MetricKind.Counter, false, null),
            ObservableCounter<T> => new MetricFamily(instrument, MetricKind.Counter, true, null),
            UpDownCounter<T> => new MetricFamily(instrument, MetricKind.Gauge, false, null),
            ObservableUpDownCounter<T> or ObservableGauge<T> or Gauge<T> => new MetricFamily(instrument, MetricKind.Gauge, true, null),
            Histogram<T> histogram => new MetricFamily(instrument, MetricKind.Histogram, false, BoundsOf(histogram)),
            _ => null,
        };

    private static double[] BoundsOf<T>(Histogram<T> histogram)
        where T : struct => histogram.Advice?.HistogramBucketBoundaries switch
        {
            IReadOnlyList<double> numbers => [.. numbers],
            IReadOnlyList<long> numbers => [.. numbers.Select(number => (double)number)],
            IReadOnlyList<int> numbers => [.. numbers.Select(number => (double)number)],
            _ => DefaultBounds,
        };

    private Series Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (byTags.TryGetValue(tags, out var found))
        {
            return found;
        }

        var set = count < MaxSeries ? TagSet.Of(tags) : TagSet.Overflow;
        var made = series.GetOrAdd(set, static (key, bounds) => new Series(key, bounds), Bounds);

        // Two threads may both count one series: the bound is met a little early then.
        Interlocked.Increment(ref count);
        return made;
    }
}
