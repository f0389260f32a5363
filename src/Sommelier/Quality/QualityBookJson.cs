using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Quality;

/// <summary>The quality table and its versions as JSON, the same from the command line and from <c>/admin/quality</c>.</summary>
internal static class QualityBookJson
{
    /// <summary>An object as text.</summary>
    public static string Text(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Members of a table: <c>version</c> and a page of its rows.</summary>
    public static void Members(Utf8JsonWriter json, QualityVersion? version, Page<QualityRow> rows, DateTimeOffset now)
    {
        json.WriteString("version", version?.Info.Name ?? QualityVersion.None);
        rows.Members(json, (_, row) =>
        {
            json.WriteStartObject();
            json.WriteString("model", row.Model);
            json.WriteString("intent", row.Intent.Name());
            Estimate(json, row.Estimate);
            Evidence(json, row.Cell);
            if (row.Cell is { } cell)
            {
                json.WriteNumber("age_s", (long)Math.Max(0, (now - cell.Newest).TotalSeconds));
            }

            json.WriteString("evidence", row.Estimate.Evidence);
            json.WriteEndObject();
        });
    }

    /// <summary>Members of a list of versions: the one in force and a page of all, newest first.</summary>
    public static void Members(Utf8JsonWriter json, string live, Page<QualityVersionInfo> versions)
    {
        json.WriteString("live", live);
        versions.Members(json, static (json, version) =>
        {
            json.WriteStartObject();
            Members(json, version);
            json.WriteEndObject();
        });
    }

    /// <summary>Members of what is known of a version.</summary>
    public static void Members(Utf8JsonWriter json, QualityVersionInfo version)
    {
        json.WriteNumber("version", version.Number);
        json.WriteString("name", version.Name);
        json.WriteNumber("parent", version.Parent);
        json.WriteString("at", Moment(version.At));
        json.WriteString("actor", version.Actor);
        json.WriteString("reason", version.Reason);
        json.WriteBoolean("shadow", version.Shadow);
        json.WriteNumber("n", version.Answers);
        json.WriteString("feedback_until", version.FeedbackUntil is { } until ? Moment(until) : null);
    }

    /// <summary>Members of a comparison: <c>from</c>, <c>to</c> and a page of what differs.</summary>
    public static void Members(Utf8JsonWriter json, QualityVersion? from, QualityVersion? to, Page<QualityDifference> differences)
    {
        json.WriteString("from", from?.Info.Name ?? QualityVersion.None);
        json.WriteString("to", to?.Info.Name ?? QualityVersion.None);
        differences.Members(json, static (json, one) =>
        {
            json.WriteStartObject();
            json.WriteString("model", one.Model);
            json.WriteString("intent", one.Intent.Name());
            json.WriteStartObject("before");
            Estimate(json, one.Before);
            json.WriteEndObject();
            json.WriteStartObject("after");
            Estimate(json, one.After);
            json.WriteEndObject();
            Evidence(json, one.Cell);
            json.WriteEndObject();
        });
    }

    /// <summary>Members of feedback.</summary>
    public static void Members(Utf8JsonWriter json, Feedback feedback)
    {
        json.WriteString("request_id", feedback.RequestId);
        json.WriteString("caller", feedback.CallerId);
        json.WriteString("at", Moment(feedback.At));
        json.WriteNumber("score", feedback.Score);
        json.WriteString("comment", feedback.Comment);
        json.WriteString("model", feedback.DeploymentId);
        json.WriteString("intent", feedback.Intent?.Name());
    }

    private static void Estimate(Utf8JsonWriter json, in QualityEstimate estimate)
    {
        json.WriteNumber("mean", Math.Round(estimate.Mean, 4));
        json.WriteNumber("low", Math.Round(estimate.Low, 4));
        json.WriteNumber("mass", Math.Round(estimate.Mass, 2));
    }

    private static void Evidence(Utf8JsonWriter json, EvidenceCell? cell)
    {
        json.WriteNumber("n", cell?.Answers ?? 0);
        json.WriteStartArray("sources");
        foreach (var source in cell?.Sources ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", source.Name);
            json.WriteNumber("n", source.Answers);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Moment(DateTimeOffset at) => Ledger.EntryJson.Moment(at);
}
