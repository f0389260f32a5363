using System.Text;

namespace Sommelier.Telemetry.Prometheus;

/// <summary>OpenTelemetry's names in Prometheus' spelling: underscores for dots, the unit and <c>_total</c> at the end.</summary>
/// <remarks>Source: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/.</remarks>
internal static class PrometheusName
{
    /// <summary>The name of a metric.</summary>
    public static string Metric(string name, string? unit, MetricKind kind)
    {
        var text = new StringBuilder(Spell(name, colon: true));
        if (Unit(unit, kind) is { } suffix && !text.ToString().EndsWith(suffix, StringComparison.Ordinal))
        {
            text.Append('_').Append(suffix);
        }

        if (kind == MetricKind.Counter && !text.ToString().EndsWith("_total", StringComparison.Ordinal))
        {
            text.Append("_total");
        }

        return text.ToString();
    }

    /// <summary>The name of a label.</summary>
    public static string Label(string name) => Spell(name, colon: false);

    private static string? Unit(string? unit, MetricKind kind) => unit switch
    {
        null or "" => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "%" => "percent",
        "1" => kind == MetricKind.Gauge ? "ratio" : null,

        // A unit in braces is a remark, e.g. {token}.
        ['{', ..] => null,
        _ => Spell(unit, colon: false),
    };

    private static string Spell(string name, bool colon)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || (colon && c == ':') ? c : '_');
        }

        if (text.Length == 0 || char.IsAsciiDigit(text[0]))
        {
            text.Insert(0, '_');
        }

        return text.ToString();
    }
}
