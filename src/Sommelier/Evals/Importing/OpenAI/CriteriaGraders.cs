using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sommelier.Evals.Importing.Templates;

namespace Sommelier.Evals.Importing.OpenAI;

/// <summary>The testing criteria of OpenAI's Evals API as expectations.</summary>
internal sealed partial class CriteriaGraders(ImportNotes notes)
{
    /// <summary>The expectation of a criterion for one row; null when there is none like it, which is noted.</summary>
    /// <param name="criterion">The criterion.</param>
    /// <param name="names">What templates may speak of: <c>item</c>.</param>
    /// <param name="output">The suite's folder.</param>
    public JsonObject? Map(ImportGroup criterion, IReadOnlyDictionary<string, JsonNode?> names, string output)
    {
        criterion.Ignore("id", "image_tag", "source");
        JsonObject? made = null;
        try
        {
            made = criterion.Text("type") switch
            {
                "string_check" => StringCheck(criterion, names),
                "text_similarity" => Similarity(criterion, names),
                "label_model" => Labels(criterion, names),
                "score_model" => Score(criterion, names),
                "python" => Unknown(criterion, "python runs on no grader", "Write the check as javascript, or as a code grader's test"),
                "multi" => Unknown(criterion, "a formula over graders is no grader here", "Write the graders one by one, with weights, or as a set with a threshold"),
                var other => Unknown(criterion, $"there is no grader like '{other}'", "Say it with another expectation, for example javascript"),
            };
        }
        catch (TemplateException failure)
        {
            Unknown(criterion, failure.Message, "Write it without templates");
        }

        if (made is null)
        {
            return null;
        }

        if (ExpectationCheck.Refusal(made, output) is { } refusal)
        {
            Unknown(criterion, $"a suite does not take it: {refusal}", "Say it another way");
            return null;
        }

        if (criterion.Text("name") is { Length: > 0 } name)
        {
            made["metric"] = SuiteText.Literal(name);
        }

        criterion.NoteRest();
        return made;
    }

    private JsonObject? Unknown(ImportGroup criterion, string what, string remedy)
    {
        notes.Lost(criterion.File, criterion.Path, what, remedy);
        return null;
    }

    private JsonObject? StringCheck(ImportGroup criterion, IReadOnlyDictionary<string, JsonNode?> names)
    {
        var (input, reference, operation) = (criterion.Text("input") ?? "", criterion.Text("reference") ?? "", criterion.Text("operation"));
        if (IsSample(reference) && operation is "eq" or "ne")
        {
            (input, reference) = (reference, input);
        }

        if (!Answer(input, out var transform) || IsSample(reference))
        {
            return Unknown(criterion, $"its input '{input}' is more than the answer", "Write the check as javascript");
        }

        var kind = operation switch { "eq" => "equals", "ne" => "not-equals", "like" => "contains", "ilike" => "icontains", _ => null };
        return kind is null
            ? Unknown(criterion, $"there is no operation '{operation}'", "Use eq, ne, like or ilike")
            : With(new() { ["type"] = kind, ["value"] = SuiteText.Literal(NunjucksTemplate.Render(reference, names)) }, transform);
    }

    private JsonObject? Similarity(ImportGroup criterion, IReadOnlyDictionary<string, JsonNode?> names)
    {
        if (!Answer(criterion.Text("input") ?? "", out var transform))
        {
            return Unknown(criterion, "its input is more than the answer", "Write the check as javascript");
        }

        var metric = criterion.Text("evaluation_metric") ?? "";
        var made = metric switch
        {
            "cosine" => new JsonObject { ["type"] = "similar" },
            "fuzzy_match" => new() { ["type"] = "levenshtein", ["normalized"] = true },
            "bleu" or "gleu" or "meteor" => new() { ["type"] = metric },
            "rouge_l" => new() { ["type"] = "rouge-l" },
            _ when RougeN().Match(metric) is { Success: true } rouge => new() { ["type"] = "rouge-n", ["n"] = int.Parse(rouge.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) },
            _ => null,
        };
        if (made is null)
        {
            return Unknown(criterion, $"there is no measure like '{metric}'", "Use cosine, gleu or rouge_l");
        }

        made["value"] = SuiteText.Literal(NunjucksTemplate.Render(criterion.Text("reference") ?? "", names));
        if (criterion.Number("pass_threshold") is { } threshold)
        {
            made["threshold"] = threshold;
        }

        notes.Changed(criterion.File, $"text_similarity {metric}", "the words and the formula are this project's (docs/graders.md)", "Look at some grades before you rely on the threshold");
        return With(made, transform);
    }

    private JsonObject? Labels(ImportGroup criterion, IReadOnlyDictionary<string, JsonNode?> names)
    {
        var labels = JsonTexts.List(criterion["labels"]).Select(JsonTexts.Of).ToArray();
        var passing = JsonTexts.List(criterion["passing_labels"]).Select(JsonTexts.Of).ToArray();
        return Judge(criterion, names, $"The labels are {string.Join(", ", labels)}. The score is 1 when the label is {string.Join(" or ", passing)}, else 0.");
    }

    private JsonObject? Score(ImportGroup criterion, IReadOnlyDictionary<string, JsonNode?> names)
    {
        var range = JsonTexts.List(criterion["range"]);
        var (low, high) = range is [{ } from, { } to] ? (Number(from), Number(to)) : (0, 1);
        criterion.Ignore("sampling_params");
        var made = Judge(criterion, names, low == 0 && high == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"Where the text speaks of a score from {low} to {high}, give (score - {low}) / {high - low}."));
        if (made is not null && criterion.Number("pass_threshold") is { } threshold)
        {
            made["threshold"] = high > low ? Math.Clamp((threshold - low) / (high - low), 0, 1) : threshold;
        }

        return made;
    }

    // The criterion's messages as a rubric: the judge sees task and answer beside it.
    private JsonObject? Judge(ImportGroup criterion, IReadOnlyDictionary<string, JsonNode?> names, string more)
    {
        var texts = new List<string>();
        foreach (var message in JsonTexts.List(criterion["input"]).OfType<JsonObject>())
        {
            var content = message["content"] is JsonObject part ? JsonTexts.Of(part["text"]) : JsonTexts.Of(message["content"]);
            texts.Add(NunjucksTemplate.Render(SampleText().Replace(content, "(the answer)"), names));
        }

        var made = new JsonObject { ["type"] = "llm-rubric", ["value"] = SuiteText.Literal(string.Join("\n\n", [.. texts, more]).Trim()) };
        if (criterion.Text("model") is { Length: > 0 } model)
        {
            made["judge"] = $"openai/{model}";
        }

        notes.Changed(criterion.File, criterion.Path, "the judge gets this project's orders, with the messages as the rubric", "Look at some grades before you rely on it");
        return made;
    }

    private static double Number(JsonNode node) => double.Parse(JsonTexts.Of(node), CultureInfo.InvariantCulture);

    private static JsonObject With(JsonObject made, string? transform)
    {
        if (transform is not null)
        {
            made["transform"] = transform;
        }

        return made;
    }

    private static bool IsSample(string text) => text.Contains("sample.", StringComparison.Ordinal);

    // The answer's text, or a member of the JSON that it is.
    private static bool Answer(string input, out string? transform)
    {
        transform = null;
        if (SampleText().Match(input) is { Success: true } whole && whole.Length == input.Trim().Length)
        {
            return true;
        }

        if (SampleJson().Match(input.Trim()) is { Success: true } json)
        {
            transform = $"JSON.parse(output){json.Groups["path"].Value}";
            return true;
        }

        return false;
    }

    [GeneratedRegex(@"\{\{\s*sample\.output_text\s*\}\}", RegexOptions.None, 1000)]
    private static partial Regex SampleText();

    [GeneratedRegex(@"^\{\{\s*sample\.output_json(?<path>(?:\.\w+)*)\s*\}\}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SampleJson();

    [GeneratedRegex("^rouge_(?<n>[1-5])$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RougeN();
}
