using System.Text.Json;
using System.Text.Json.Serialization;
using Sommelier.Canonical;

namespace Sommelier.Training;

/// <summary>The prompts written for this project, in Corpus; docs/labelling.md says how they are labelled.</summary>
/// <remarks>
/// <c>&lt;language&gt;.txt</c>: one prompt a line under its intent's heading. <c>&lt;language&gt;/&lt;author&gt;.jsonl</c>: one JSON object a
/// line, with the context of a request: <c>intent</c>, <c>text</c>, and where there are any <c>before</c> (user, assistant, in turn),
/// <c>system</c>, <c>tools</c> (names), <c>used</c> (a tool was called before) and <c>result</c> (the text is what a tool gave back).
/// The authors of <c>.aside.jsonl</c> only judge.
/// </remarks>
internal static class OwnCorpus
{
    private const string SourcePrefix = "own_";

    private const string AsideEnding = ".aside";

    public static bool Has(Row row) => row.Source.StartsWith(SourcePrefix, StringComparison.Ordinal);

    /// <summary>All prompts, those set aside too, in the order of files and lines.</summary>
    public static List<Row> ReadAll() => ReadAll(Path.Combine(AppContext.BaseDirectory, "Corpus"));

    /// <exception cref="InvalidDataException">A line is malformed; the message names file, line and fault.</exception>
    public static List<Row> ReadAll(string folder) =>
    [
        .. Files(folder, "*.txt").SelectMany(path => ReadList(path, Path.GetFileNameWithoutExtension(path))),
        .. Files(folder, "*.jsonl").SelectMany(path => ReadSet(path, Path.GetFileName(Path.GetDirectoryName(path)!))),
    ];

    private static IOrderedEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static IEnumerable<Row> ReadList(string path, string language)
    {
        Intent? intent = null;
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                intent = Label(line[2..].Trim(), path, number);
            }
            else if (line.Length > 0)
            {
                var label = intent ?? throw Bad(path, number, "a prompt before the first '# intent' heading");
                yield return Own(label, line.Replace("\\n", "\n", StringComparison.Ordinal), language, language, number, null);
            }
        }
    }

    private static IEnumerable<Row> ReadSet(string path, string language)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            Line? read;
            try
            {
                read = JsonSerializer.Deserialize<Line>(line, Line.Options);
            }
            catch (JsonException problem)
            {
                throw Bad(path, number, problem.Message);
            }

            var problemFound = read is null ? "null" : read.Problem();
            if (problemFound is not null)
            {
                throw Bad(path, number, problemFound);
            }

            yield return Own(
                Label(read!.Intent, path, number), read.Text, language, $"{language}/{Path.GetFileNameWithoutExtension(path)}", number, read);
        }
    }

    private static Row Own(Intent label, string text, string language, string set, int number, Line? context) => new()
    {
        Text = text,
        Label = label,
        SourceLabel = label,
        Language = language,
        Source = SourcePrefix + set,
        Natural = true,
        Group = $"{SourcePrefix}{set}:{number}",
        MayTrain = true,
        Aside = set.EndsWith(AsideEnding, StringComparison.Ordinal),
        Before = context?.Before ?? [],
        System = context?.System ?? "",
        ToolsOffered = context?.Tools is { Count: > 0 },
        ToolsUsed = context?.Used ?? false,
        IsToolResult = context?.Result ?? false,
    };

    private static Intent Label(string name, string path, int number) =>
        Intents.TryParse(name, out var intent) ? intent : throw Bad(path, number, $"'{name}' is no intent");

    private static InvalidDataException Bad(string path, int number, string problem) => new($"{path}:{number}: {problem}.");

    /// <summary>A line of a .jsonl file.</summary>
    private sealed record Line(
        string Intent,
        string Text,
        IReadOnlyList<string>? Before = null,
        string? System = null,
        IReadOnlyList<string>? Tools = null,
        bool Used = false,
        bool Result = false)
    {
        public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
        };

        public string? Problem() =>
            string.IsNullOrWhiteSpace(Text) ? "'text' is blank"
            : Before is { Count: not (2 or 4) } || Before?.Any(string.IsNullOrWhiteSpace) == true
                ? "'before' must be two or four turns that say something, the user's first"
            : Tools is { Count: 0 } || Tools?.Any(string.IsNullOrWhiteSpace) == true ? "'tools' must name at least one tool, or be left out"
            : Used && Tools is null ? "'used' needs 'tools'"
            : Result && (!Used || Before is null) ? "'result' needs 'used' and the turns 'before' it"
            : null;
    }
}
