using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>A caller's hints as JSON, in one key order, and back. Names are those of the <c>sommelier</c> object.</summary>
/// <remarks>Only what was said is written: most requests say nothing, and each of them is recorded.</remarks>
internal static class HintsJson
{
    public static void Write(Utf8JsonWriter to, CallerHints hints)
    {
        to.WriteStartObject();
        Text(to, "policy", hints.Policy);
        if (hints.MaxCostUsd is not null)
        {
            JsonText.Amount(to, "max_cost_usd", hints.MaxCostUsd);
        }

        if (hints.MaxLatencyMs is not null)
        {
            JsonText.Integer(to, "max_latency_ms", hints.MaxLatencyMs);
        }

        if (hints.MinQuality is not null)
        {
            JsonText.Number(to, "min_quality", hints.MinQuality);
        }

        Word(to, "data", hints.Data);
        Strings(to, "regions", hints.Regions);
        Strings(to, "only", hints.Only);
        Strings(to, "exclude", hints.Exclude);
        Text(to, "session", hints.Session);
        Strings(to, "tags", hints.Tags);
        Flag(to, "strict", hints.Strict);
        Flag(to, "fallback", hints.Fallback);
        Word(to, "on_break", hints.OnBreak);
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

    private static void Text(Utf8JsonWriter to, string name, string? value)
    {
        if (value is not null)
        {
            to.WriteString(name, value);
        }
    }

    private static void Word<T>(Utf8JsonWriter to, string name, T? value)
        where T : struct, Enum
    {
        if (value is not null)
        {
            JsonText.Word(to, name, value);
        }
    }

    private static void Strings(Utf8JsonWriter to, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            JsonText.Strings(to, name, values);
        }
    }

    private static void Flag(Utf8JsonWriter to, string name, bool? value)
    {
        if (value is { } flag)
        {
            to.WriteBoolean(name, flag);
        }
    }
}
