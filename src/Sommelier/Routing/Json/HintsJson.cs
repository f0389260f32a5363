using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>A caller's hints as JSON, in one key order, and back. Names are those of the <c>sommelier</c> object.</summary>
internal static class HintsJson
{
    public static void Write(Utf8JsonWriter to, CallerHints hints)
    {
        to.WriteStartObject();
        to.WriteString("policy", hints.Policy);
        JsonText.Amount(to, "max_cost_usd", hints.MaxCostUsd);
        JsonText.Integer(to, "max_latency_ms", hints.MaxLatencyMs);
        JsonText.Number(to, "min_quality", hints.MinQuality);
        JsonText.Word(to, "data", hints.Data);
        JsonText.Strings(to, "regions", hints.Regions);
        JsonText.Strings(to, "only", hints.Only);
        JsonText.Strings(to, "exclude", hints.Exclude);
        to.WriteString("session", hints.Session);
        JsonText.Strings(to, "tags", hints.Tags);
        JsonText.Flag(to, "strict", hints.Strict);
        JsonText.Flag(to, "fallback", hints.Fallback);
        JsonText.Word(to, "on_break", hints.OnBreak);
        if (hints.Cache is { } cache)
        {
            // No choice of a model depends on it, so that records of requests without it stay as they were.
            to.WriteStartObject("cache");
            to.WriteBoolean("wanted", cache.Wanted);
            if (cache.Ttl is { } ttl)
            {
                to.WriteNumber("ttl_ms", (long)ttl.TotalMilliseconds);
            }

            to.WriteEndObject();
        }

        to.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CallerHints Read(JsonElement from) => new()
    {
        Policy = JsonText.Get(from, "policy")?.GetString(),
        MaxCostUsd = JsonText.Get(from, "max_cost_usd")?.GetDecimal(),
        MaxLatencyMs = JsonText.Get(from, "max_latency_ms")?.GetInt32(),
        MinQuality = JsonText.Get(from, "min_quality")?.GetDouble(),
        Data = JsonText.ReadWord<DataClass>(from, "data"),
        Regions = JsonText.ReadStrings(from, "regions"),
        Only = JsonText.ReadStrings(from, "only"),
        Exclude = JsonText.ReadStrings(from, "exclude"),
        Session = JsonText.Get(from, "session")?.GetString(),
        Tags = JsonText.ReadStrings(from, "tags"),
        Strict = JsonText.Get(from, "strict")?.GetBoolean(),
        Fallback = JsonText.Get(from, "fallback")?.GetBoolean(),
        Cache = JsonText.Get(from, "cache") is { } cache
            ? new(cache.GetProperty("wanted").GetBoolean(), JsonText.Get(cache, "ttl_ms") is { } ttl ? TimeSpan.FromMilliseconds(ttl.GetInt64()) : null)
            : null,
        OnBreak = JsonText.ReadWord<OnBreak>(from, "on_break"),
    };
}
