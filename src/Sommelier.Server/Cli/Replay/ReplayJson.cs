using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Replay;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.OffPolicy;

namespace Sommelier.Server.Cli.Replay;

/// <summary>A replay as JSON: money in USD, exact; times in milliseconds; intervals of 95 % as <c>[low, high]</c>, null with too few conversations.</summary>
internal static class ReplayJson
{
    /// <summary>Writes it into an object.</summary>
    public static void Members(Utf8JsonWriter json, ReplayReport report)
    {
        json.WriteString("policy", report.Policy.Name);
        json.WriteString("policy_version", report.Policy.Version);
        json.WriteString("catalog", report.Catalog == ReplayedCatalog.Present ? "present" : "as-of");
        json.Text("since", report.Since is { } since ? EntryJson.Moment(since) : null);
        json.Text("until", report.Until is { } until ? EntryJson.Moment(until) : null);
        json.WriteStartObject("requests");
        json.WriteNumber("total", report.Requests);
        json.WriteNumber("decided", report.Decided);
        json.WriteNumber("same_model", report.Same);
        json.WriteNumber("other_model", report.Changed);
        json.WriteStartObject("undecided");
        foreach (var (why, count) in report.Undecided)
        {
            json.WriteNumber(EnumNames<UndecidedReason>.Of(why), count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteNumber("conversation_groups", report.Groups);
        Cost(json, report);
        Rated(json, report.Rated);
        Mean(json, "expected_quality", report.Believed, 4);
        Mean(json, "latency_ms", report.Latency, 1);
        json.WriteStartArray("changes");
        foreach (var change in report.Changes)
        {
            json.WriteStartObject();
            json.WriteString("from", change.From);
            json.WriteString("to", change.To);
            json.WriteNumber("requests", change.Requests);
            json.Amount("difference_usd", NanoUsd.ToUsd(change.Difference));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Cost(Utf8JsonWriter json, ReplayReport report)
    {
        var cost = report.Cost;
        json.WriteStartObject("cost_usd");
        json.Amount("logged", NanoUsd.ToUsd(cost.Logged));
        json.Amount("replayed", NanoUsd.ToUsd(cost.Replayed));
        json.Amount("exact", NanoUsd.ToUsd(cost.Exact));
        json.Amount("estimated", NanoUsd.ToUsd(cost.Estimated));
        json.Amount("difference", NanoUsd.ToUsd(cost.Difference));
        json.Amount("difference_per_request", report.Decided > 0 ? Math.Round(NanoUsd.ToUsd(cost.Difference) / report.Decided, 12) : null);
        Ends(json, "difference_per_request_interval", cost.PerRequest is { } ends ? new(ends.Low / 1e9, ends.High / 1e9) : null, 12);
        json.Amount("logged_undecided", NanoUsd.ToUsd(cost.LoggedUndecided));
        json.WriteEndObject();
    }

    private static void Rated(Utf8JsonWriter json, RatedQuality rated)
    {
        json.WriteStartObject("rated_quality");
        json.WriteNumber("rated", rated.Rated);
        json.WriteNumber("same_model", rated.Same);
        json.WriteNumber("drawn", rated.Drawn);
        Figure(json, "logged", rated.Logged, 4);
        Ends(json, "logged_interval", rated.LoggedInterval, 4);
        Figure(json, "replayed", rated.Replayed, 4);
        Figure(json, "logged_drawn", rated.LoggedDrawn, 4);
        Figure(json, "snips", rated.Snips, 4);
        Ends(json, "snips_interval", rated.SnipsInterval, 4);
        Figure(json, "doubly_robust", rated.DoublyRobust, 4);
        Ends(json, "doubly_robust_interval", rated.DoublyRobustInterval, 4);
        Figure(json, "effective_sample_size", rated.EffectiveSampleSize, 1);
        json.WriteNumber("least_effective_sample_size", OffPolicyEstimate.LeastEffectiveSampleSize);
        Figure(json, "clipped_share", rated.ClippedShare, 4);
        json.WriteBoolean("enough_data", rated.Suffices);
        json.Amount("drawn_needed", rated.Needed);
        json.WriteEndObject();
    }

    private static void Mean(Utf8JsonWriter json, string name, ReplayedMean mean, int digits)
    {
        json.WriteStartObject(name);
        json.WriteNumber("requests", mean.Count);
        Figure(json, "logged", mean.Logged, digits);
        Figure(json, "replayed", mean.Replayed, digits);
        Figure(json, "difference", mean.Replayed - mean.Logged, digits);
        Ends(json, "difference_interval", mean.Difference, digits);
        json.WriteEndObject();
    }

    private static void Figure(Utf8JsonWriter json, string name, double? value, int digits) =>
        json.Amount(name, value is { } figure ? Math.Round((decimal)figure, digits) : null);

    private static void Ends(Utf8JsonWriter json, string name, Interval? interval, int digits)
    {
        if (interval is not { } ends)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartArray(name);
        json.WriteNumberValue(Math.Round((decimal)ends.Low, digits));
        json.WriteNumberValue(Math.Round((decimal)ends.High, digits));
        json.WriteEndArray();
    }
}
