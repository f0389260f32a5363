using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Configuration;
using Sommelier.Configuration.Yaml;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Importing;

/// <summary>Files and values of sources as JSON.</summary>
internal static class JsonTexts
{
    /// <summary>What a value says as a text: of a text itself, of anything else its JSON.</summary>
    public static string Of(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => node.ToJsonString(ReadableJson.Options),
    };

    /// <summary>The items of a list; a single value counts as a list of one, an absent one as none.</summary>
    public static IReadOnlyList<JsonNode?> List(JsonNode? node) => node switch { null => [], JsonArray list => [.. list], _ => [node] };

    /// <summary>A file's text.</summary>
    /// <exception cref="ImportException">It cannot be read.</exception>
    public static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ImportException($"{path} {(failure is FileNotFoundException or DirectoryNotFoundException ? "does not exist; name a file that does" : "cannot be read; mend its path or rights")}");
        }
    }

    /// <summary>A YAML or JSON text as JSON; null for an empty one.</summary>
    /// <exception cref="ImportException">It is neither.</exception>
    public static JsonNode? Parse(string text, string file)
    {
        // YAML includes JSON, but not all of it: tabs between values, and long files.
        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            try
            {
                return JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                // YAML in its flow form, or broken: told below.
            }
        }

        var problems = new List<ConfigProblem>();
        var tree = YamlTreeReader.Read(text, file, problems, out _);
        return problems.Count > 0 ? throw new ImportException(problems[0].ToString().TrimEnd('.')) : tree is null ? null
            // Read back, a number is whatever kind of number is asked for.
            : JsonNode.Parse(YamlJson.Read(tree)?.ToJsonString(ReadableJson.Options) ?? "null");
    }

    /// <summary>The objects of a file of rows, with the place of each: JSON lines, a JSON or YAML list, or CSV with a head.</summary>
    /// <exception cref="ImportException">The file cannot be read, or a line is no object.</exception>
    public static IEnumerable<(string Path, JsonObject Row)> Rows(string path)
    {
        var text = Read(path);
        switch (System.IO.Path.GetExtension(path).ToLowerInvariant())
        {
            case ".csv":
                return CsvRows(text, path);
            case ".jsonl" or ".ndjson":
                return Lines(text, path);
            default:
                return Parse(text, path) is JsonArray list
                    ? list.Select((item, index) => ($"[{index}]", item as JsonObject ?? throw new ImportException($"{path}: [{index}] is no object; write a list of objects")))
                    : throw new ImportException($"{path} holds no list of rows; write JSON lines, a JSON list or CSV");
        }
    }

    private static IEnumerable<(string Path, JsonObject Row)> Lines(string text, string path)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            JsonNode? row = null;
            try
            {
                row = JsonNode.Parse(line);
            }
            catch (JsonException)
            {
                // Told like anything else that is no object.
            }

            yield return ($"line {number}", row as JsonObject ?? throw new ImportException($"{path}:{number} is no JSON object; write one in a line, in UTF-8"));
        }
    }

    private static IEnumerable<(string Path, JsonObject Row)> CsvRows(string text, string path)
    {
        IReadOnlyList<string>? head = null;
        foreach (var (line, cells) in Csv.Read(new StringReader(text.TrimStart('\uFEFF'))))
        {
            if (head is null)
            {
                head = [.. cells.Select(static cell => cell.Trim())];
            }
            else if (cells.Count != head.Count)
            {
                throw new ImportException($"{path}:{line} has {cells.Count} cells, and the head has {head.Count}; put cells with commas or line breaks into double quotes");
            }
            else
            {
                var row = new JsonObject();
                for (var i = 0; i < cells.Count; i++)
                {
                    row[head[i]] = cells[i];
                }

                yield return ($"line {line}", row);
            }
        }
    }
}
