using System.Text.Json.Nodes;
using Sommelier.Evals.Importing.Inspect;
using Sommelier.Evals.Importing.OpenAI;
using Sommelier.Evals.Importing.Promptfoo;

namespace Sommelier.Evals.Importing;

/// <summary>The one point where another tool's file becomes a suite.</summary>
internal static class SuiteImport
{
    /// <summary>The formats that are read, by their names.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["promptfoo", "promptfoo-csv", "openai-evals", "openai-evals-api", "inspect"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">Its format; null: told by its content.</param>
    /// <param name="options">What stands beside it.</param>
    /// <exception cref="ImportException">It cannot be imported.</exception>
    public static ImportedSuite Read(string path, string? format, ImportOptions options)
    {
        var read = (format ?? Detect(path)) switch
        {
            "promptfoo" => PromptfooImporter.Read(path, options),
            "promptfoo-csv" => PromptfooImporter.ReadCsv(path, options),
            "openai-evals" => RegistryImporter.Read(path, options),
            "openai-evals-api" => EvalsApiImporter.Read(path, options),
            "inspect" => InspectImporter.Read(path, options),
            _ => throw new ImportException($"the format of {path} cannot be told; give --format with one of {string.Join(", ", Formats)}"),
        };
        CommonDefaults.Raise(read.Suite);
        return read with { Notes = NoteLines.Of(read.Notes, path) };
    }

    private static string? Detect(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => JsonTexts.Rows(path).Select(static row => row.Row).FirstOrDefault() is { } row && row.Any(static pair => pair.Key.StartsWith("__", StringComparison.Ordinal)) ? "promptfoo-csv" : OfRow(path),
        ".jsonl" or ".ndjson" => OfRow(path),
        _ => JsonTexts.Parse(JsonTexts.Read(path), path) switch
        {
            JsonArray => OfRow(path),
            JsonObject root when root.ContainsKey("prompts") || root.ContainsKey("tests") || root.ContainsKey("providers") => "promptfoo",
            JsonObject root when root.ContainsKey("testing_criteria") || root["eval"] is JsonObject => "openai-evals-api",
            JsonObject root when root.Any(static pair => pair.Value is JsonObject spec && spec.ContainsKey("class")) => "openai-evals",
            _ => null,
        },
    };

    private static string? OfRow(string path) => JsonTexts.Rows(path).Select(static row => row.Row).FirstOrDefault() switch
    {
        { } row when row.ContainsKey("ideal") => "openai-evals",
        { } row when row["item"] is JsonObject => "openai-evals-api",
        { } row when row.ContainsKey("target") || row.ContainsKey("choices") => "inspect",
        _ => null,
    };
}
