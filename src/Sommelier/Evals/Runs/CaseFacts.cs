using System.Security.Cryptography;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>What reports need to know of a case: a line of <c>cases.jsonl</c>, so that they need no suite.</summary>
/// <param name="Suite">The suite's hash.</param>
/// <param name="Case">The case's id.</param>
/// <param name="Request">Hash of what is asked.</param>
/// <param name="Intent">What kind of work it is.</param>
/// <param name="Cluster">Cases of one cluster are not independent.</param>
/// <param name="Repeats">How often it is asked.</param>
/// <param name="Recorded">Whether it brings its answer along: then no model is asked.</param>
/// <param name="Input">What is asked, cut to a screenful.</param>
/// <param name="Reference">An answer that would be right, cut likewise; empty when none is given.</param>
internal sealed record CaseFacts(string Suite, string Case, string Request, Intent Intent, string Cluster, int Repeats, bool Recorded, string Input, string Reference)
{
    private const int Shown = 2000;

    /// <summary>Of a case.</summary>
    public static CaseFacts Of(Suite suite, SuiteCase asked, int? repeats) => new(
        suite.Hash,
        asked.Id,
        Convert.ToHexStringLower(SHA256.HashData(asked.Body.Span).AsSpan(0, 8)),
        asked.Intent,
        $"{suite.Id}/{asked.Cluster}",
        asked.Output is null ? repeats ?? asked.Repeats : 1,
        asked.Output is not null,
        Cut(asked.Input),
        Cut(asked.Reference is { } right ? string.Join('\n', [right.Text, .. right.ToolCalls.Select(static call => $"{call.Name}({call.Arguments})")]).Trim() : ""));

    /// <summary>Writes it as an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("suite", Suite);
        json.WriteString("case", Case);
        json.WriteString("request", Request);
        json.WriteString("intent", Intent.Name());
        json.WriteString("cluster", Cluster);
        json.WriteNumber("repeats", Repeats);
        json.WriteBoolean("recorded", Recorded);
        json.WriteString("input", Input);
        json.WriteString("reference", Reference);
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static CaseFacts Read(JsonElement json) => new(
        json.GetProperty("suite").GetString()!,
        json.GetProperty("case").GetString()!,
        json.GetProperty("request").GetString()!,
        Intents.TryParse(json.GetProperty("intent").GetString()!, out var intent) ? intent : Intent.Other,
        json.GetProperty("cluster").GetString()!,
        json.GetProperty("repeats").GetInt32(),
        json.GetProperty("recorded").GetBoolean(),
        json.GetProperty("input").GetString()!,
        json.GetProperty("reference").GetString()!);

    private static string Cut(string text) => text.Length <= Shown ? text : $"{text.AsSpan(0, Shown)}…";
}
