using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Importing;

/// <summary>An imported suite as files: the suite, and beside it its cases where they are too many to read.</summary>
internal static class ImportedFiles
{
    // More than this many cases are data, not text.
    private const int MostWritten = 200;

    /// <summary>The files by name, the suite first.</summary>
    /// <param name="suite">The suite; its cases are taken out where they go to a file of their own.</param>
    /// <param name="name">The suite's file.</param>
    /// <param name="source">Where it came from, for its first line.</param>
    public static IReadOnlyList<(string Name, string Text)> Of(JsonObject suite, string name, string source)
    {
        var files = new List<(string, string)>();
        var head = $"# Imported from {source} by 'sommelier eval import'.\n";
        if (suite["cases"] is JsonArray { Count: > MostWritten } cases)
        {
            var rows = $"{Path.GetFileName(name)[..^SuiteReader.Extension.Length]}.cases.jsonl";
            var lines = new StringBuilder();
            foreach (var one in cases)
            {
                lines.Append(one!.ToJsonString(ReadableJson.Options)).Append('\n');
            }

            suite.Remove("cases");
            suite["data"] = rows;
            files.Add((Path.Combine(Path.GetDirectoryName(name) ?? "", rows), lines.ToString()));
        }

        files.Insert(0, (name, head + SuiteYaml.Write(suite)));
        return files;
    }
}
