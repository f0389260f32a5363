using System.Globalization;
using System.Text.Json.Nodes;
using Sommelier.Evals.Importing.Templates;

namespace Sommelier.Evals.Importing.OpenAI;

/// <summary>
/// What OpenAI's Evals API gives: an evaluation with its criteria, rows <c>{ item, sample? }</c>, and a run that says how they are
/// asked. The file is the evaluation itself or <c>{ eval, run, rows | output_items }</c>; rows may also stand in a file of their own.
/// </summary>
internal static class EvalsApiImporter
{
    /// <summary>The evaluation as a suite.</summary>
    /// <exception cref="ImportException">It cannot be read, has no rows, or nothing of it can be checked.</exception>
    public static ImportedSuite Read(string path, ImportOptions options)
    {
        var notes = new ImportNotes();
        var file = Path.GetFileName(path);
        var root = JsonTexts.Parse(JsonTexts.Read(path), path) as JsonObject ?? throw new ImportException($"{path} holds rows alone; name the evaluation's JSON, and the rows with --rows");
        var whole = new ImportGroup(root, file, "", notes);
        var isWhole = root["eval"] is JsonObject;
        var eval = isWhole ? new ImportGroup(whole["eval"]!.AsObject(), file, "eval", notes) : whole;
        eval.Ignore("id", "object", "created_at", "metadata", "data_source_config", "shared_with_openai");
        var run = new ImportGroup(whole["run"] as JsonObject ?? (JsonTexts.List((whole["runs"] as JsonObject)?["data"] ?? whole["runs"]) is [JsonObject first, ..] ? first : []), file, "run", notes);
        run.Ignore("id", "object", "created_at", "eval_id", "status", "report_url", "result_counts", "per_model_usage", "per_testing_criteria_results", "name", "metadata", "error", "model", "shared_with_openai");
        var source = new ImportGroup(run["data_source"] as JsonObject ?? whole["data_source"] as JsonObject ?? [], file, "data_source", notes);
        source.Ignore("type", "source");
        var criteria = new CriteriaGraders(notes);
        var graders = JsonTexts.List(eval["testing_criteria"]).Select((criterion, index) => (Criterion: criterion as JsonObject ?? [], Path: $"{eval.At("testing_criteria")}[{index}]")).ToArray();
        var template = JsonTexts.List((source["input_messages"] as JsonObject)?["template"]);
        var cases = new JsonArray();
        foreach (var (name, place, row) in Rows(whole, source, file, options.Rows))
        {
            var one = Case(row, template, name, place, notes, cases.Count + 1);
            var names = new Dictionary<string, JsonNode?>(StringComparer.Ordinal) { ["item"] = Item(row) };
            var expect = new JsonArray([.. graders.Select(grader => criteria.Map(new(grader.Criterion, file, grader.Path, notes), names, options.Output)).OfType<JsonObject>()]);
            if (one is not null && expect.Count == 0)
            {
                notes.Lost(name, place, "nothing is expected of the answer that a suite can check, so that it is no case", "Add an expectation by hand");
            }
            else if (one is not null)
            {
                one["expect"] = expect;
                cases.Add((JsonNode)one);
            }
        }

        if (cases.Count == 0)
        {
            throw new ImportException($"no row of {path} can be asked and checked; name the rows with --rows FILE.jsonl when they are not in the file.{string.Concat(notes.List.Take(5).Select(static note => $"\n  {note}"))}");
        }

        var suite = new JsonObject { ["suite"] = options.Name ?? (SuiteText.Name(eval.Text("name") ?? "") is { Length: > 0 } said ? said : SuiteText.Name(Path.GetFileNameWithoutExtension(path))) };
        if (Sampling(source) is { Count: > 0 } defaults)
        {
            suite["defaults"] = defaults;
        }

        suite["cases"] = cases;
        var models = source.Text("model") is { Length: > 0 } model ? new[] { $"openai/{model}" } : [];
        source.NoteRest();
        run.NoteRest();
        if (isWhole)
        {
            eval.NoteRest();
        }

        whole.NoteRest();
        return new(suite, models, notes.List);
    }

    private static IEnumerable<(string File, string Place, JsonObject Row)> Rows(ImportGroup whole, ImportGroup source, string file, string? rows)
    {
        var inner = source.Values["source"] as JsonObject;
        var given = whole["rows"] ?? (whole["output_items"] as JsonObject)?["data"] ?? whole["output_items"] ?? (inner?["type"]?.ToString() is "file_content" ? inner["content"] : null);
        return rows is not null
            ? JsonTexts.Rows(rows).Select(row => (Path.GetFileName(rows), row.Path, row.Row))
            : JsonTexts.List(given).OfType<JsonObject>().Select((row, index) => (file, $"row {index + 1}", row));
    }

    private static JsonNode? Item(JsonObject row) => row["item"] ?? row["datasource_item"];

    private static JsonObject? Case(JsonObject row, IReadOnlyList<JsonNode?> template, string file, string place, ImportNotes notes, int number)
    {
        var item = Item(row) as JsonObject ?? [];
        var names = new Dictionary<string, JsonNode?>(StringComparer.Ordinal) { ["item"] = item };
        var one = new JsonObject { ["id"] = row["id"] is JsonValue id ? id.ToString() : string.Create(CultureInfo.InvariantCulture, $"row-{number}") };
        var sample = row["sample"] as JsonObject;
        try
        {
            var messages = new JsonArray();
            foreach (var message in template.Count > 0 ? template : JsonTexts.List(sample?["input"]))
            {
                var content = (message as JsonObject)?["content"];
                var text = content is JsonObject part ? JsonTexts.Of(part["text"]) : content is JsonArray parts ? string.Concat(parts.Select(static each => JsonTexts.Of(each?["text"]))) : JsonTexts.Of(content);
                messages.Add((JsonNode)new JsonObject { ["role"] = JsonTexts.Of((message as JsonObject)?["role"]), ["content"] = SuiteText.Literal(template.Count > 0 ? NunjucksTemplate.Render(text, names) : text) });
            }

            if (messages.Count > 0)
            {
                one["messages"] = messages;
            }
            else if (item["input"] is JsonArray chat)
            {
                one["messages"] = SuiteText.Literal(chat);
            }
            else if (item["input"] is JsonValue input)
            {
                one["input"] = JsonTexts.Of(input);
            }
            else
            {
                notes.Lost(file, place, "neither a run nor the row says what is asked", "Put the run, with data_source.input_messages, into the file as 'run'");
                return null;
            }
        }
        catch (TemplateException failure)
        {
            notes.Lost(file, place, $"its messages cannot be rendered: {failure.Message}", "Write them without it");
            return null;
        }

        one["vars"] = new JsonObject { ["item"] = item.DeepClone() };
        if (Output(sample) is { } output)
        {
            one["output"] = SuiteText.Literal(output);
        }

        return one;
    }

    // A recorded answer is graded as it is.
    private static string? Output(JsonObject? sample) =>
        sample?["output_text"] is JsonValue text ? text.ToString()
        : sample?["output"] is JsonArray { Count: > 0 } messages ? JsonTexts.Of((messages[^1] as JsonObject)?["content"])
        : sample?["choices"] is JsonArray { Count: > 0 } choices ? JsonTexts.Of(choices[0]?["message"]?["content"])
        : null;

    private static JsonObject Sampling(ImportGroup source)
    {
        var sampling = new ImportGroup(source["sampling_params"] as JsonObject ?? [], source.File, source.At("sampling_params"), new());
        var defaults = new JsonObject();
        foreach (var (key, value) in sampling.Values)
        {
            switch (key)
            {
                case "temperature":
                    defaults["temperature"] = value?.DeepClone();
                    break;
                case "max_completion_tokens" or "max_completions_tokens" or "max_tokens":
                    defaults["max_tokens"] = value?.DeepClone();
                    break;
                case "top_p" or "seed" or "response_format" or "reasoning_effort":
                    (defaults["params"] ??= new JsonObject())[key] = value?.DeepClone();
                    break;
                case "tools":
                    defaults["tools"] = value?.DeepClone();
                    break;
                default:
                    source.Lost($"sampling_params.{key}", "a suite has nothing like it", "Set it in params, if the models know it");
                    break;
            }
        }

        return defaults;
    }
}
