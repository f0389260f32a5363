using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>The live state of a decision's candidates as JSON, by id, and back. What was never measured is left out.</summary>
internal static class LiveStateJson
{
    public static void Write(Utf8JsonWriter to, LiveState live, IEnumerable<string> candidates)
    {
        to.WriteStartObject();
        foreach (var id in candidates.Order(StringComparer.Ordinal))
        {
            var state = live.Get(id);
            if (!ReferenceEquals(state, DeploymentState.Unknown))
            {
                to.WriteStartObject(id);
                Write(to, state);
                to.WriteEndObject();
            }
        }

        to.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, LiveState, IEnumerable{string})"/> wrote.</summary>
    public static LiveState Read(JsonElement from, DateTimeOffset at) =>
        new(at, from.EnumerateObject().Select(e => KeyValuePair.Create(e.Name, ReadState(e.Value))));

    private static void Write(Utf8JsonWriter to, DeploymentState state)
    {
        JsonText.Number(to, "p50_ms", state.P50TimeToFirstChunkMs);
        JsonText.Number(to, "p95_ms", state.P95TimeToFirstChunkMs);
        JsonText.Number(to, "tokens_per_second", state.TokensPerSecond);
        if (state.MeasuredAt is not null)
        {
            JsonText.Time(to, "measured_at", state.MeasuredAt);
        }

        to.WriteNumber("error_rate", state.ErrorRate);
        to.WriteNumber("requests", state.Requests);
        JsonText.Time(to, "circuit_open_until", state.CircuitOpenUntil);
        JsonText.Time(to, "cooldown_until", state.CooldownUntil);
        if (state.CooldownReason is not null)
        {
            JsonText.Word(to, "cooldown_reason", state.CooldownReason);
        }

        JsonText.Integer(to, "remaining_requests", state.RateLimitRemainingRequests);
        JsonText.Integer(to, "remaining_tokens", state.RateLimitRemainingTokens);
        if (state.Running is { } running)
        {
            to.WriteNumber("running", running);
        }
    }

    private static DeploymentState ReadState(JsonElement from) => new()
    {
        P50TimeToFirstChunkMs = JsonText.Get(from, "p50_ms")?.GetDouble(),
        P95TimeToFirstChunkMs = JsonText.Get(from, "p95_ms")?.GetDouble(),
        TokensPerSecond = JsonText.Get(from, "tokens_per_second")?.GetDouble(),
        MeasuredAt = JsonText.ReadTime(from, "measured_at"),
        ErrorRate = from.GetProperty("error_rate").GetDouble(),
        Requests = from.GetProperty("requests").GetInt64(),
        CircuitOpenUntil = JsonText.ReadTime(from, "circuit_open_until"),
        CooldownUntil = JsonText.ReadTime(from, "cooldown_until"),
        CooldownReason = JsonText.ReadWord<UpstreamFailureKind>(from, "cooldown_reason"),
        RateLimitRemainingRequests = JsonText.Get(from, "remaining_requests")?.GetInt64(),
        RateLimitRemainingTokens = JsonText.Get(from, "remaining_tokens")?.GetInt64(),
        Running = JsonText.Get(from, "running")?.GetInt32(),
    };
}
