using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>The live state of a decision's candidates as JSON, by id, and back. What was never measured is left out.</summary>
internal static class LiveStateJson
{
    public static void Write(Utf8JsonWriter to, RouteDecision decision)
    {
        // Every request is recorded, so without a query: of most nothing, or of one deployment something is known.
        var live = decision.Query.Live;
        var known = ArrayPool<string>.Shared.Rent(Math.Max(1, decision.Ranked.Count + decision.Dropped.Count));
        var count = 0;
        for (var i = 0; i < decision.Ranked.Count; i++)
        {
            Add(decision.Ranked[i].Deployment.Id);
        }

        for (var i = 0; i < decision.Dropped.Count; i++)
        {
            Add(decision.Dropped[i].Deployment.Id);
        }

        known.AsSpan(0, count).Sort(StringComparer.Ordinal);
        to.WriteStartObject();
        foreach (var id in known.AsSpan(0, count))
        {
            to.WriteStartObject(id);
            Write(to, live.Get(id));
            to.WriteEndObject();
        }

        to.WriteEndObject();
        ArrayPool<string>.Shared.Return(known, clearArray: true);

        void Add(string id)
        {
            if (!ReferenceEquals(live.Get(id), DeploymentState.Unknown))
            {
                known[count++] = id;
            }
        }
    }

    /// <summary>Reads what <see cref="Write(Utf8JsonWriter, RouteDecision)"/> wrote.</summary>
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
