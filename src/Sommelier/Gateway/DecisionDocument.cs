using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Routing;

namespace Sommelier.Gateway;

/// <summary>
/// The record of a request that <c>GET /v1/decisions/{id}</c> returns: what was decided with all that it depended on, and
/// under <c>request</c> what came of it. Written on the ledger's thread; holds references to immutable things only.
/// </summary>
internal sealed class DecisionDocument(LedgerEntry entry, RouteDecision decision) : ILedgerDecision
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        RouteRecord.WriteMembers(json, decision);
        json.WriteStartObject("request");
        json.WriteString("id", entry.RequestId);
        json.WriteString("started_at", Moment(entry.StartedAt));
        json.WriteString("endpoint", entry.Endpoint);
        json.WriteString("format", entry.InboundFormat);
        json.WriteString("caller", entry.CallerKeyId);
        json.WriteString("model_asked", entry.OriginalModel);
        json.WriteString("model_answered", entry.Outcome is LedgerOutcome.Failed ? null : entry.DeploymentId);
        json.WriteString("reason", entry.Reason);
        json.WriteString("outcome", EnumNames<LedgerOutcome>.Of(entry.Outcome));
        json.WriteNumber("status", entry.Status);
        json.WriteString("error", entry.Error is { } error ? EnumNames<GatewayErrorKind>.Of(error) : null);
        json.WriteString("finish_reason", entry.FinishReason is { } finish ? EnumNames<FinishReasonKind>.Of(finish.Kind) : null);
        json.WriteBoolean("streamed", entry.Streamed);
        json.WriteBoolean("simulated", entry.Simulated);
        json.WriteNumber("duration_ms", Milliseconds(entry.Duration));
        json.WriteNumber("overhead_ms", Milliseconds(entry.Overhead));
        Optional(json, "time_to_first_chunk_ms", entry.TimeToFirstChunk);
        json.WriteNumber("cost_usd", NanoUsd.ToUsd(entry.Attempts.Sum(attempt => attempt.CostNanoUsd)));
        Warnings(json);
        Strings(json, "tags", entry.Tags);
        json.WriteStartArray("attempts");
        foreach (var attempt in entry.Attempts)
        {
            Write(json, attempt);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Attempt attempt)
    {
        json.WriteStartObject();
        json.WriteNumber("number", attempt.Number);
        json.WriteString("model", attempt.DeploymentId);
        json.WriteString("request_model", attempt.RequestModel);
        json.WriteString("response_model", attempt.ResponseModel);
        json.WriteString("started_at", Moment(attempt.StartedAt));
        json.WriteString("outcome", EnumNames<AttemptOutcome>.Of(attempt.Outcome));
        json.WriteBoolean("output_committed", attempt.OutputCommitted);
        json.WriteNumber("duration_ms", Milliseconds(attempt.Duration));
        Optional(json, "time_to_first_chunk_ms", attempt.TimeToFirstChunk);
        if (attempt.Failure is { } failure)
        {
            json.WriteStartObject("failure");
            json.WriteString("kind", EnumNames<UpstreamFailureKind>.Of(failure.Kind));
            json.WriteString("code", failure.Code);
            if (failure.Status is { } status)
            {
                json.WriteNumber("status", status);
            }

            Optional(json, "retry_after_ms", failure.RetryAfter);
            json.WriteEndObject();
        }

        if (attempt.Usage is { } usage)
        {
            json.WriteStartObject("usage");
            json.WriteNumber("input_tokens", usage.InputTokens);
            json.WriteNumber("cache_read_input_tokens", usage.CacheReadInputTokens);
            json.WriteNumber("cache_creation_input_tokens", usage.CacheCreationInputTokens);
            json.WriteNumber("output_tokens", usage.OutputTokens);
            json.WriteNumber("reasoning_output_tokens", usage.ReasoningOutputTokens);
            json.WriteBoolean("estimated", usage.Estimated);
            json.WriteEndObject();
        }

        json.WriteNumber("cost_usd", NanoUsd.ToUsd(attempt.CostNanoUsd));
        json.WriteEndObject();
    }

    private void Warnings(Utf8JsonWriter json)
    {
        json.WriteStartArray("warnings");
        foreach (var warning in entry.Warnings)
        {
            json.WriteStartObject();
            json.WriteString("code", warning.Code);
            json.WriteString("field", warning.Field);
            json.WriteString("detail", warning.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter json, string name, TimeSpan? time)
    {
        if (time is { } known)
        {
            json.WriteNumber(name, Milliseconds(known));
        }
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
