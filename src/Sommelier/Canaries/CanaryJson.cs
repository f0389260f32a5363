using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Routing;

namespace Sommelier.Canaries;

/// <summary>Canaries as JSON, for <c>/admin/canaries</c> and the audit log.</summary>
internal static class CanaryJson
{
    /// <summary>An event as the audit log keeps it.</summary>
    public static string Text(CanaryEvent one)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("to", one.To);
            json.WriteString("version", one.Key.Version);
            if (one.Reason is { } reason)
            {
                json.WriteString("reason", EnumNames<CanaryReason>.Of(reason));
                json.WriteString("detail", one.Detail);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>The members of a canary: how it is set, how it stands, what was counted.</summary>
    public static void Members(Utf8JsonWriter json, CanaryKey key, CanarySettings canary, CanaryBook book)
    {
        var rollback = book.RollbackOf(key);
        json.WriteString("policy", key.Policy);
        json.WriteString("to", canary.To);
        json.WriteString("version", key.Version);
        json.WriteString("state", rollback is null ? "running" : "rolled_back");
        if (rollback is not null)
        {
            json.WriteStartObject("rollback");
            json.WriteString("at", EntryJson.Moment(rollback.At));
            json.WriteString("actor", rollback.Actor);
            json.WriteString("reason", rollback.Reason is { } reason ? EnumNames<CanaryReason>.Of(reason) : null);
            json.WriteString("detail", rollback.Detail);
            json.WriteEndObject();
        }

        json.WriteNumber("share", Rounded(100 * canary.Share));
        json.WriteNumber("min_requests", canary.MinRequests);
        json.WriteNumber("max_error_increase", Rounded(100 * canary.MaxErrorIncrease));
        json.WriteNumber("max_latency_ratio", Rounded(canary.MaxLatencyRatio));
        json.WriteNumber("max_cost_ratio", Rounded(canary.MaxCostRatio));
        var (own, tried) = book.Find(key)?.Figures() ?? default;
        Write(json, "stable", own);
        Write(json, "canary", tried);
    }

    private static void Write(Utf8JsonWriter json, string name, CanaryFigures figures)
    {
        json.WriteStartObject(name);
        json.WriteNumber("requests", figures.Requests);
        json.WriteNumber("failures", figures.Failures);
        Write(json, "first_content_ms", figures.FirstContentMs, 1);
        Write(json, "cost_usd", figures.CostUsd, 9);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value, int digits)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round((decimal)number, digits));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    // Percentages are divided and multiplied: 5 must not come out as 5.000000000000001.
    private static decimal Rounded(double value) => Math.Round((decimal)value, 6) / 1.0000000000000000000000000000m;
}
