using Sommelier.Canonical;
using Sommelier.Telemetry;
using Sommelier.Telemetry.Prometheus;

namespace Sommelier.Tests.Telemetry;

public sealed class GatewayMeterTests : IDisposable
{
    private readonly GatewayMeter meter = new();
    private readonly MetricsCollector collector;

    public GatewayMeterTests() => collector = new MetricsCollector(candidate => candidate == meter.Meter);

    public void Dispose()
    {
        collector.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void Counts_a_request_under_the_names_of_the_conventions()
    {
        RecordOne(meter);

        var text = PrometheusWriter.Write(collector.Collect());

        Assert.Contains(
            "gen_ai_server_request_duration_seconds_count{gen_ai_operation_name=\"chat\",sommelier_format=\"openai-chat\",sommelier_outcome=\"succeeded\",http_response_status_code=\"200\",sommelier_deployment=\"mistral/large\",sommelier_policy=\"balanced\",sommelier_intent=\"coding\"} 1\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "gen_ai_client_operation_duration_seconds_sum{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"mistral_ai\",gen_ai_request_model=\"large\",gen_ai_response_model=\"large-2\"} 1.5\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains("gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"mistral_ai\",gen_ai_request_model=\"large\",gen_ai_token_type=\"input\"} 100\n", text, StringComparison.Ordinal);
        Assert.Contains("gen_ai_token_type=\"output\"} 20\n", text, StringComparison.Ordinal);
        Assert.Contains("gen_ai_client_operation_time_to_first_chunk_seconds_count{", text, StringComparison.Ordinal);
        Assert.Contains("sommelier_attempts_total{sommelier_deployment=\"mistral/large\",sommelier_outcome=\"succeeded\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("sommelier_spend_nano_usd_total{sommelier_deployment=\"mistral/large\",sommelier_estimated=\"true\"} 12345\n", text, StringComparison.Ordinal);
        Assert.Contains("sommelier_fallbacks_total{sommelier_deployment=\"openai/gpt\",error_type=\"rate_limited\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("sommelier_requests_active 0\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Allocates_nothing_once_it_knows_the_series()
    {
        RecordOne(meter);
        var attempt = Attempt();
        Record(10, attempt);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Record(1_000, attempt);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(allocated < 1_000, $"{allocated} bytes for 1,000 requests.");
    }

    internal static void RecordOne(GatewayMeter meter)
    {
        meter.RequestBegan();
        meter.FellBack("openai/gpt", UpstreamFailureKind.RateLimited);
        meter.AttemptEnded(Attempt());
        meter.RequestEnded(Request());
    }

    private static RequestMeasure Request() => new()
    {
        Format = "openai-chat",
        Outcome = "succeeded",
        Status = 200,
        Duration = TimeSpan.FromSeconds(2),
        Overhead = TimeSpan.FromMicroseconds(120),
        DeploymentId = "mistral/large",
        Policy = "balanced",
        Intent = Intent.Coding,
    };

    private static Attempt Attempt() => new()
    {
        Number = 1,
        DeploymentId = "mistral/large",
        RequestModel = "large",
        ResponseModel = "large-2",
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.FromSeconds(1.5),
        TimeToFirstChunk = TimeSpan.FromSeconds(0.5),
        Outcome = AttemptOutcome.Succeeded,
        Usage = new Usage { InputTokens = 100, OutputTokens = 20, Estimated = true },
        CostNanoUsd = 12_345,
    };

    private void Record(int times, Attempt attempt)
    {
        for (var i = 0; i < times; i++)
        {
            meter.RequestBegan();
            meter.AttemptEnded(attempt);
            meter.RequestEnded(Request());
        }
    }
}
