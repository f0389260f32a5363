using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sommelier.Telemetry.Prometheus;

/// <summary>Writes metrics in Prometheus' text format, version 0.0.4.</summary>
/// <remarks>Source: https://prometheus.io/docs/instrumenting/exposition_formats/.</remarks>
internal static class PrometheusWriter
{
    /// <summary>The media type of what is written.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Collects and writes everything as UTF-8.</summary>
    public static void Write(MetricsCollector collector, IBufferWriter<byte> output) =>
        Encoding.UTF8.GetBytes(Write(collector.Collect()), output);

    /// <summary>Writes families; those of one name must stand together.</summary>
    public static string Write(IReadOnlyList<MetricFamily> families)
    {
        var text = new StringBuilder(16 * 1024);
        for (var i = 0; i < families.Count; i++)
        {
            var family = families[i];
            var series = family.Series.OrderBy(one => one.Tags.Labels, StringComparer.Ordinal).ToList();
            if (series.Count == 0)
            {
                continue;
            }

            // Two instruments of one name and kind share a head; of another kind, the later one would break the format.
            var first = families.First(other => string.Equals(other.Name, family.Name, StringComparison.Ordinal));
            if (first.Kind != family.Kind)
            {
                continue;
            }

            if (first == family || !first.Series.Any())
            {
                WriteHead(text, family);
            }

            foreach (var one in series)
            {
                Write(text, family, one);
            }
        }

        return text.ToString();
    }

    private static void WriteHead(StringBuilder text, MetricFamily family)
    {
        if (family.Help.Length > 0)
        {
            text.Append("# HELP ").Append(family.Name).Append(' ')
                .Append(family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        }

        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        }).Append('\n');
    }

    private static void Write(StringBuilder text, MetricFamily family, Series series)
    {
        if (family.Bounds is not { } bounds)
        {
            Line(text, family.Name, "", series.Tags.Labels, null, Number(series));
            return;
        }

        // The count is the sum of the buckets as they were read, so that it always equals the last of them.
        var total = 0L;
        var buckets = series.Buckets;
        for (var i = 0; i < buckets.Length; i++)
        {
            total += Volatile.Read(in buckets[i]);
            Line(text, family.Name, "_bucket", series.Tags.Labels, i < bounds.Length ? Number(bounds[i]) : "+Inf", total.ToString(CultureInfo.InvariantCulture));
        }

        Line(text, family.Name, "_sum", series.Tags.Labels, null, Number(series));
        Line(text, family.Name, "_count", series.Tags.Labels, null, total.ToString(CultureInfo.InvariantCulture));
    }

    private static void Line(StringBuilder text, string name, string suffix, string labels, string? bound, string value)
    {
        text.Append(name).Append(suffix);
        if (labels.Length > 0 || bound is not null)
        {
            text.Append('{').Append(labels);
            if (bound is not null)
            {
                text.Append(labels.Length > 0 ? "," : "").Append("le=\"").Append(bound).Append('"');
            }

            text.Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    // Whole numbers stay whole: a double would lose the last digits of large sums of money.
    private static string Number(Series series) =>
        series.Fraction == 0 ? series.Whole.ToString(CultureInfo.InvariantCulture) : Number(series.Fraction + series.Whole);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
