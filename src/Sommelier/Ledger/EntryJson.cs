using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Ledger;

/// <summary>An entry as JSON: in decision records, in the admin API and in exports. Money in USD, exact; times in milliseconds.</summary>
internal static class EntryJson
{
    /// <summary>The whole entry as one object: who, why and what came of it.</summary>
    public static void Write(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteStartObject();
        Members(json, entry);
        var sums = LedgerSums.Of(entry.Attempts);
        json.WriteNumber("estimated_cost_usd", NanoUsd.ToUsd(sums.EstimatedCostNanoUsd));
        json.WriteNumber("input_tokens", sums.InputTokens);
        json.WriteNumber("output_tokens", sums.OutputTokens);
        json.WriteString("team", entry.TeamId);
        json.WriteString("organisation", entry.OrganisationId);
        json.WriteString("policy", entry.Policy);
        json.WriteString("policy_version", entry.PolicyVersion);
        json.WriteString("catalog_version", entry.CatalogVersion);
        json.WriteString("intent", entry.Intent?.Name());
        json.WriteString("conversation", entry.ConversationId);
        json.WriteEndObject();
    }

    /// <summary>What came of a request.</summary>
    public static void Members(Utf8JsonWriter json, LedgerEntry entry)
    {
        json.WriteString("id", entry.RequestId);
        json.WriteString("started_at", Moment(entry.StartedAt));
        json.WriteString("endpoint", entry.Endpoint);
        json.WriteString("format", entry.InboundFormat);
        json.WriteString("caller", entry.CallerKeyId);
        json.WriteString("model_asked", entry.OriginalModel);
        json.WriteString("model_answered", entry.Outcome is LedgerOutcome.Failed or LedgerOutcome.Unknown ? null : entry.DeploymentId);
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
        Warnings(json, entry.Warnings);
        json.WriteStartArray("tags");
        foreach (var tag in entry.Tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        json.WriteStartArray("attempts");
        foreach (var attempt in entry.Attempts)
        {
            Write(json, attempt);
        }

        json.WriteEndArray();
    }

    /// <summary>A moment, UTC, to the millisecond.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time in milliseconds, to the microsecond.</summary>
    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static void Write(Utf8JsonWriter json, Attempt attempt)
    {
        json.WriteStartObject();
        json.WriteNumber("number", attempt.Number);
        json.WriteString("model", attempt.DeploymentId);
        json.WriteString("request_model", attempt.RequestModel);
        json.WriteString("response_model", attempt.ResponseModel);
        if (attempt.ApiKeyNumber is { } key)
        {
            json.WriteNumber("api_key_number", key);
        }

        if (attempt.Purpose != AttemptPurpose.Answer)
        {
            json.WriteString("purpose", EnumNames<AttemptPurpose>.Of(attempt.Purpose));
        }

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
            json.WriteNumber("input_audio_tokens", usage.InputAudioTokens);
            json.WriteNumber("cache_read_input_audio_tokens", usage.CacheReadInputAudioTokens);
            json.WriteNumber("output_tokens", usage.OutputTokens);
            json.WriteNumber("reasoning_output_tokens", usage.ReasoningOutputTokens);
            json.WriteNumber("output_audio_tokens", usage.OutputAudioTokens);
            json.WriteString("service_tier", usage.ServiceTier);
            json.WriteString("inference_geo", usage.InferenceGeo);
            json.WriteNumber("web_searches", usage.WebSearches);
            json.WriteBoolean("estimated", usage.Estimated);
            json.WriteEndObject();
        }

        json.WriteNumber("cost_usd", NanoUsd.ToUsd(attempt.CostNanoUsd));
        json.WriteEndObject();
    }

    private static void Warnings(Utf8JsonWriter json, IReadOnlyList<Warning> warnings)
    {
        json.WriteStartArray("warnings");
        foreach (var warning in warnings)
        {
            json.WriteStartObject();
            json.WriteString("code", warning.Code);
            json.WriteString("field", warning.Field);
            json.WriteString("detail", warning.Detail);
            json.WriteEndObject();
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
}
