using System.Text.Json;
using Sommelier.Configuration;
using Sommelier.Configuration.Reading;
using Sommelier.Configuration.Yaml;
using Sommelier.Parquet;

namespace Sommelier.Evals.Suites;

/// <summary>Cases from a file: JSON objects, one in a line, rows of CSV with a head, or rows of Parquet.</summary>
/// <remarks>
/// A column whose name is a key of a case is that key; <c>fields</c> says it of others. What is left becomes variables, for
/// the template and the expectations of <c>defaults</c>.
/// </remarks>
internal static class DataSource
{
    /// <summary>The cases, each at its line; what is wrong is told to <paramref name="problems"/>.</summary>
    public static IEnumerable<ConfigGroup> Read(ConfigGroup source, SuiteProblems problems, ConfigWalker walker)
    {
        if (source["file"] is not { } file)
        {
            return [];
        }

        var name = (string)file.Value;
        var path = Path.Combine(problems.Folder, name);
        try
        {
            var rows = Path.GetExtension(name).ToLowerInvariant() switch
            {
                ".jsonl" or ".ndjson" => JsonRows(path, name, problems),
                ".csv" => CsvRows(path, name, problems),
                ".parquet" => ParquetRows(path, name),
                _ => null,
            };
            if (rows is null)
            {
                problems.Add(file.Position, file.Path, $"{name} is neither .jsonl nor .csv nor .parquet", "Convert it, or correct its name");
                return [];
            }

            var fields = (source.Group("fields")?.Values ?? []).ToDictionary(static pair => (string)pair.Value.Value, static pair => pair.Key, StringComparer.Ordinal);
            return [.. rows.Take(source.Integer("limit") ?? int.MaxValue).Select(row => walker.Group(SuiteKeys.Case, Case(row, fields), ""))];
        }
        catch (ParquetException wrong)
        {
            problems.Add(file.Position, file.Path, $"the file {name} cannot be read: {wrong.Message.TrimEnd('.')}", "Write it anew, or as .jsonl");
            return [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add(file.Position, file.Path, $"the file {name} {(failure is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read")}", "Files are looked for beside the suite; mend its path or rights");
            return [];
        }
    }

    private static YamlMap Case(YamlMap row, Dictionary<string, string> fields)
    {
        var result = new YamlMap(row.Position);
        var variables = new YamlMap(row.Position);
        foreach (var entry in row.Entries)
        {
            if (fields.TryGetValue(entry.Key, out var key) || SuiteKeys.Case.Find(key = entry.Key) is not null)
            {
                if (string.Equals(key, "vars", StringComparison.Ordinal) && entry.Value is YamlMap more)
                {
                    variables.Entries.AddRange(more.Entries);
                }
                else
                {
                    result.Entries.Add(new(entry.Position, key, entry.Value));
                }
            }
            else
            {
                variables.Entries.Add(entry);
            }
        }

        if (variables.Entries.Count > 0)
        {
            result.Entries.Add(new(row.Position, "vars", variables));
        }

        return result;
    }

    private static IEnumerable<YamlMap> JsonRows(string path, string name, SuiteProblems problems)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var position = new ConfigPosition(name, number, 1);
            YamlTree? tree = null;
            try
            {
                using var document = JsonDocument.Parse(line);
                tree = YamlJson.Tree(document.RootElement, position);
            }
            catch (JsonException)
            {
                // Told below, like anything else that is no object.
            }

            if (tree is YamlMap row)
            {
                yield return row;
            }
            else
            {
                problems.Add(position, "", "the line is no JSON object", "Write one object in a line, in UTF-8");
            }
        }
    }

    // The line of a row is its number: the file has no lines.
    private static IEnumerable<YamlMap> ParquetRows(string path, string name)
    {
        using var file = File.OpenRead(path);
        var number = 0;
        foreach (var row in ParquetFile.ReadRows(file))
        {
            using var document = JsonDocument.Parse(row);
            if (YamlJson.Tree(document.RootElement, new ConfigPosition(name, ++number, 1)) is YamlMap map)
            {
                yield return map;
            }
        }
    }

    private static IEnumerable<YamlMap> CsvRows(string path, string name, SuiteProblems problems)
    {
        using var text = new StreamReader(path);
        IReadOnlyList<string>? head = null;
        foreach (var (line, cells) in Csv.Read(text))
        {
            var position = new ConfigPosition(name, line, 1);
            if (head is null)
            {
                head = cells;
            }
            else if (cells.Count != head.Count)
            {
                problems.Add(position, "", $"the row has {cells.Count} cells, and the head has {head.Count}", "Put cells with commas or line breaks into double quotes");
            }
            else
            {
                var row = new YamlMap(position);
                for (var i = 0; i < cells.Count; i++)
                {
                    row.Entries.Add(new(position, head[i], Cell(cells[i], position)));
                }

                yield return row;
            }
        }
    }

    // A cell that is a JSON list or object stands for it; an empty one for nothing.
    private static YamlTree Cell(string text, ConfigPosition position)
    {
        if (text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            try
            {
                using var document = JsonDocument.Parse(text);
                return YamlJson.Tree(document.RootElement, position);
            }
            catch (JsonException)
            {
                // A text that begins with a bracket.
            }
        }

        return new YamlScalar(position, text, isPlain: text.Length == 0);
    }
}
