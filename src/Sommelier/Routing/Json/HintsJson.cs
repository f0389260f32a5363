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
    };
}
