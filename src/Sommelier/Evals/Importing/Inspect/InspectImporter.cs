using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Inspect;

/// <summary>Inspect's data sets: rows of <c>input</c>, <c>target</c>, <c>choices</c>, <c>id</c> and <c>metadata</c> in CSV, JSON or JSON lines.</summary>
internal static class InspectImporter
{
    private static readonly string[] Columns = ["input", "target", "choices", "id", "metadata", "files", "setup", "sandbox"];

    /// <summary>The data set as a suite, graded by the scorer that the options name.</summary>
    /// <exception cref="ImportException">It cannot be read, or the scorer is none.</exception>
    public static ImportedSuite Read(string path, ImportOptions options)
    {
        var notes = new ImportNotes();
        var file = Path.GetFileName(path);
        var rows = JsonTexts.Rows(path).ToList();
        var fields = options.Fields ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var hasChoices = rows.Exists(row => Value(row.Row, "choices", fields) is not null);
        if (options.Scorer is null)
        {
            notes.Changed(file, "", $"a data set says no scorer, and {(hasChoices ? "choice" : "match")} is taken", "Give --scorer with the one that your task uses");
        }

        var scorer = InspectScorer.Read(options.Scorer ?? (hasChoices ? "choice" : "match"));
        var cases = new JsonArray();
        foreach (var (place, row) in rows)
        {
            if (Case(row, fields, scorer, file, place, notes, cases.Count + 1) is { } one)
            {
                cases.Add((JsonNode)one);
            }
        }

        if (scorer.Difference is { } difference)
        {
            notes.Changed(file, $"scorer {scorer.Name}", difference, "Look at some grades before you rely on it");
        }

        return cases.Count == 0
            ? throw new ImportException($"no row of {path} can be asked and checked; name its columns with --fields input=…,target=…")
            : new(new JsonObject { ["suite"] = options.Name ?? SuiteText.Name(Path.GetFileNameWithoutExtension(path)), ["cases"] = cases }, [], notes.List);
    }

    private static JsonObject? Case(JsonObject row, IReadOnlyDictionary<string, string> fields, InspectScorer scorer, string file, string place, ImportNotes notes, int number)
    {
        if (Value(row, "input", fields) is not { } input)
        {
            notes.Lost(file, place, "the row asks nothing", "Name the column with --fields input=…");
            return null;
        }

        foreach (var column in (ReadOnlySpan<string>)["files", "setup", "sandbox"])
        {
            if (Value(row, column, fields) is not null)
            {
                notes.Lost(file, column, $"a suite has no '{column}' for a case", column is "files" ? "Use attachments, or put the text into the input" : "Test code with the code grader");
            }
        }

        var choices = JsonTexts.List(Listed(Value(row, "choices", fields))).Select(JsonTexts.Of).ToArray();
        var targets = JsonTexts.List(Listed(Value(row, "target", fields))).Select(JsonTexts.Of).ToArray();
        if (targets.Length == 0)
        {
            notes.Lost(file, place, "the row has no target, so that nothing can be checked", "Name the column with --fields target=…");
            return null;
        }

        var one = new JsonObject { ["id"] = Value(row, "id", fields) is { } id ? JsonTexts.Of(id) : string.Create(CultureInfo.InvariantCulture, $"row-{number}") };
        if (Listed(input) is JsonArray chat)
        {
            one["messages"] = SuiteText.Literal(chat);
        }
        else
        {
            one["input"] = choices.Length == 0 ? JsonTexts.Of(input) : Asked(JsonTexts.Of(input), choices, file, notes);
        }

        var variables = new JsonObject { ["ideal"] = targets.Length == 1 ? targets[0] : new JsonArray([.. targets.Select(static target => (JsonNode)target)]) };
        if (scorer.Expectation(targets, choices) is not { } expectation)
        {
            notes.Lost(file, place, $"its target does not fit the scorer {scorer.Name}", "Correct the target, or name another scorer");
            return null;
        }

        one["vars"] = variables;
        one["expect"] = new JsonArray((JsonNode)expectation);
        if (scorer.ShowsTarget)
        {
            one["reference"] = SuiteText.Literal(targets[0]);
        }

        var metadata = (Listed(Value(row, "metadata", fields)) as JsonObject)?.DeepClone().AsObject() ?? [];
        var taken = Columns.Select(column => fields.GetValueOrDefault(column, column)).ToArray();
        foreach (var (key, value) in row.Where(pair => !taken.Contains(pair.Key, StringComparer.Ordinal)))
        {
            metadata[key] = value?.DeepClone();
        }

        if (metadata.Count > 0)
        {
            one["metadata"] = metadata;
        }

        return one;
    }

    private static JsonNode? Value(JsonObject row, string column, IReadOnlyDictionary<string, string> fields) =>
        row[fields.GetValueOrDefault(column, column)] is { } value && !(value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().Length == 0) ? value : null;

    // A cell of CSV may hold a list or an object.
    private static JsonNode? Listed(JsonNode? value)
    {
        if (value is not JsonValue text || text.GetValueKind() != JsonValueKind.String || text.GetValue<string>().AsSpan().TrimStart() is not ['[' or '{', ..])
        {
            return value;
        }

        try
        {
            return JsonNode.Parse(text.GetValue<string>());
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private static string Asked(string question, string[] choices, string file, ImportNotes notes)
    {
        notes.Changed(file, "choices", "the choices are put to the model in this project's words", "Change them in the suite's input, if the words matter");
        return $"{question}\n\n{string.Join('\n', choices.Select(static (choice, index) => $"{(char)('A' + index)}) {choice}"))}\n\nEnd your answer with a line 'Answer: ' and the letter of the right choice.";
    }
}
