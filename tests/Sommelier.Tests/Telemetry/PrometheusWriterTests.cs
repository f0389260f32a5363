using System.Buffers;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sommelier.Telemetry.Prometheus;

namespace Sommelier.Tests.Telemetry;

public sealed partial class PrometheusWriterTests : IDisposable
{
    private readonly Meter meter = new("test");
    private readonly MetricsCollector collector;

    public PrometheusWriterTests() => collector = new MetricsCollector(candidate => candidate == meter);

    public void Dispose()
    {
        collector.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void Writes_the_text_format()
    {
        var counter = meter.CreateCounter<long>("sommelier.spend.nano_usd", null, "Money\\spent,\nexact.");
        var duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Time.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.25, 1] });
        var active = meter.CreateUpDownCounter<int>("sommelier.requests.active", "{request}");
        meter.CreateObservableGauge("process.share", () => new Measurement<double>(0.5), "1");
        meter.CreateCounter<long>("never.recorded");
        counter.Add(9_007_199_254_740_993, Tag("sommelier.deployment", "a/\"x\"\\\n"));
        counter.Add(1, Tag("sommelier.deployment", "b"));
        duration.Record(0.25, Tag("gen_ai.request.model", "m"));
        duration.Record(0.5, Tag("gen_ai.request.model", "m"));
        duration.Record(4, Tag("gen_ai.request.model", "m"));
        active.Add(3);
        active.Add(-1);

        const string Expected =
            """
            # HELP gen_ai_client_operation_duration_seconds Time.
            # TYPE gen_ai_client_operation_duration_seconds histogram
            gen_ai_client_operation_duration_seconds_bucket{gen_ai_request_model="m",le="0.25"} 1
            gen_ai_client_operation_duration_seconds_bucket{gen_ai_request_model="m",le="1"} 2
            gen_ai_client_operation_duration_seconds_bucket{gen_ai_request_model="m",le="+Inf"} 3
            gen_ai_client_operation_duration_seconds_sum{gen_ai_request_model="m"} 4.75
            gen_ai_client_operation_duration_seconds_count{gen_ai_request_model="m"} 3
            # TYPE process_share_ratio gauge
            process_share_ratio 0.5
            # TYPE sommelier_requests_active gauge
            sommelier_requests_active 2
            # HELP sommelier_spend_nano_usd_total Money\\spent,\nexact.
            # TYPE sommelier_spend_nano_usd_total counter
            sommelier_spend_nano_usd_total{sommelier_deployment="a/\"x\"\\\n"} 9007199254740993
            sommelier_spend_nano_usd_total{sommelier_deployment="b"} 1

            """;
        Assert.Equal(Expected, Text());
    }

    [Theory]
    [InlineData("a.b-c", "s", "a_b_c_seconds_total")]
    [InlineData("a.seconds", "s", "a_seconds_total")]
    [InlineData("a.total", null, "a_total")]
    [InlineData("9lives", "{cat}", "_9lives_total")]
    [InlineData("memory", "By", "memory_bytes_total")]
    [InlineData("odd", "m/s", "odd_m_s_total")]
    public void Spells_names_as_prometheus_does(string name, string? unit, string expected) =>
        Assert.Equal(expected, PrometheusName.Metric(name, unit, MetricKind.Counter));

    [Fact]
    public void Forgets_what_is_no_longer_observed()
    {
        List<string> deployments = ["a", "b"];
        meter.CreateObservableGauge("circuit", () => deployments.Select(name => new Measurement<int>(2, Tag("deployment", name))));
        Assert.Contains("circuit{deployment=\"b\"} 2", Text(), StringComparison.Ordinal);

        deployments.Remove("b");

        Assert.Equal("# TYPE circuit gauge\ncircuit{deployment=\"a\"} 2\n", Text());
    }

    [Fact]
    public void Takes_an_observed_counter_as_it_is_and_does_not_add_it_up()
    {
        var count = 5L;
        meter.CreateObservableCounter("seen", () => count);
        Text();
        count = 7;

        Assert.Equal("# TYPE seen_total counter\nseen_total 7\n", Text());
    }

    [Fact]
    public void Bounds_the_number_of_series()
    {
        var counter = meter.CreateCounter<long>("wild");
        for (var i = 0; i < MetricFamily.MaxSeries + 500; i++)
        {
            counter.Add(1, Tag("model", i.ToString(CultureInfo.InvariantCulture)));
        }

        var lines = Text().Split('\n');

        Assert.Equal(MetricFamily.MaxSeries + 1, lines.Count(line => line.StartsWith("wild_total{", StringComparison.Ordinal)));
        Assert.Contains("wild_total{otel_metric_overflow=\"true\"} 500", lines);
    }

    [Fact]
    public async Task Loses_no_measurement_under_many_threads()
    {
        var counter = meter.CreateCounter<long>("many");
        var histogram = meter.CreateHistogram<double>("sizes");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Add(1);
                histogram.Record(0.5);
            }
        })));

        var text = Text();

        Assert.Contains("many_total 80000\n", text, StringComparison.Ordinal);
        Assert.Contains("sizes_sum 40000\n", text, StringComparison.Ordinal);
        Assert.Contains("sizes_count 80000\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_lines_that_parse_for_every_instrument_of_the_gateway_and_the_runtime()
    {
        using var gateway = new Sommelier.Telemetry.GatewayMeter();
        using var all = MetricsCollector.For(gateway);
        GatewayMeterTests.RecordOne(gateway);
        gateway.WatchLedger(() => 3);
        gateway.WatchCount(Sommelier.Telemetry.MetricNames.LedgerStored, "Entries stored.", () => 4);
        gateway.WatchCircuits(() => [new("openai/gpt-6-luna", true)]);

        var text = PrometheusWriter.Write(all.Collect());

        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        var types = text.Split('\n').Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ToList();
        Assert.Equal(types.Count, types.Distinct().Count());
        Assert.Contains("dotnet_gc_collections_total", text, StringComparison.Ordinal);
        Assert.Contains("sommelier_ledger_queue_depth 3", text, StringComparison.Ordinal);
        Assert.Contains("sommelier_ledger_stored_total 4", text, StringComparison.Ordinal);
        Assert.Contains("sommelier_circuit_open{sommelier_deployment=\"openai/gpt-6-luna\"} 1", text, StringComparison.Ordinal);
    }

    // The grammar of the text format: a comment, or name, labels and a number.
    [GeneratedRegex("""^(# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\\\|\\"|\\n)*",?)+\})? ([-+]?[0-9.]+([eE][-+]?[0-9]+)?|[-+]Inf|NaN))$""")]
    private static partial Regex Line();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private string Text()
    {
        var output = new ArrayBufferWriter<byte>();
        PrometheusWriter.Write(collector, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
