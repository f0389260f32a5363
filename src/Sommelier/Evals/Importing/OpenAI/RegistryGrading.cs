using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sommelier.Evals.Importing.OpenAI;

/// <summary>The classes of the registry as expectations.</summary>
internal sealed class RegistryGrading
{
    private readonly string kind;
    private readonly bool ignoreCase;
    private readonly ImportNotes notes;
    private readonly string? judged;
    private readonly string? rubric;

    /// <param name="kind">The class without its module: <c>Match</c>, <c>Includes</c>, <c>ModelBasedClassify</c> …, in capitals or not.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="notes">Takes what differs.</param>
    /// <param name="path">The registry's file.</param>
    public RegistryGrading(string kind, ImportGroup args, ImportNotes notes, string path)
    {
        this.kind = kind.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
        this.notes = notes;
        ignoreCase = args.Flag("ignore_case");
        if (this.kind is not ("MATCH" or "INCLUDES" or "FUZZYMATCH" or "JSONMATCH" or "MODELBASEDCLASSIFY"))
        {
            throw new ImportException($"{path}: there is nothing like the class '{kind}' here; Match, Includes, FuzzyMatch, JsonMatch and ModelBasedClassify are read");
        }

        if (this.kind is "MODELBASEDCLASSIFY")
        {
            var name = args.Text("modelgraded_spec") ?? "";
            args.Ignore("eval_type");
            (judged, rubric) = Spec(name, args, path);
            notes.Changed(args.File, args.At("modelgraded_spec"), $"'{name}' is judged by this project's {judged} with its own orders", "Look at some grades, and name a judge in the suite's defaults");
        }
    }

    /// <summary>What a sample's answer is held to; null when nothing can be, which is noted.</summary>
    public JsonObject? Of(ImportGroup sample, JsonNode? ideal)
    {
        var wanted = JsonTexts.List(ideal).Select(JsonTexts.Of).ToArray();
        if (wanted.Length == 0 && judged is not "llm-rubric")
        {
            sample.Lost("ideal", "the sample says no right answer", "Give it an ideal");
            return null;
        }

        return kind switch
        {
            "MATCH" when wanted.Length == 1 && wanted[0].Length > 0 => new() { ["type"] = "starts-with", ["value"] = SuiteText.Literal(wanted[0]) },
            "MATCH" => new() { ["type"] = "javascript", ["value"] = "[].concat(context.vars.ideal).some((text) => output.startsWith(String(text)))" },
            "INCLUDES" => new() { ["type"] = ignoreCase ? "icontains-any" : "contains-any", ["value"] = new JsonArray([.. wanted.Select(static text => (JsonNode)SuiteText.Literal(text))]) },
            "FUZZYMATCH" => new() { ["type"] = "javascript", ["value"] = CheckScripts.Fuzzy },
            "JSONMATCH" => new() { ["type"] = "javascript", ["value"] = CheckScripts.Json },
            _ => Judged(sample, wanted),
        };
    }

    private JsonObject Judged(ImportGroup sample, string[] wanted)
    {
        if (judged is "llm-rubric")
        {
            // The specification's own words, with what the sample says put in; the answer and the task stand beside it.
            var filled = Placeholder().Replace(rubric!, match => match.Groups["name"].Value switch
            {
                "completion" => "(the answer)",
                "input" => "(the task)",
                "ideal" => string.Join(" or ", wanted),
                var name => sample.Values.ContainsKey(name) ? JsonTexts.Of(sample[name]) : match.Value,
            });
            return new() { ["type"] = "llm-rubric", ["value"] = SuiteText.Literal(filled) };
        }

        var value = judged is "closed-qa" && sample.Text("criteria") is { } criteria ? criteria : string.Join(" or ", wanted);
        return new() { ["type"] = judged, ["value"] = SuiteText.Literal(value) };
    }

    private static (string Kind, string? Rubric) Spec(string name, ImportGroup args, string path)
    {
        switch (name)
        {
            case "fact":
                return ("factuality", null);
            case "closedqa":
                return ("closed-qa", null);
            case "battle":
                throw new ImportException($"{path}: 'battle' compares two answers; run both models and use 'sommelier eval compare'");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string[] places = [Path.Combine(folder, $"{name}.yaml"), Path.Combine(folder, "..", "modelgraded", $"{name}.yaml"), Path.Combine(folder, "modelgraded", $"{name}.yaml")];
        var file = Array.Find(places, File.Exists) ?? throw new ImportException($"{path} is judged by '{name}', and {name}.yaml is neither beside it nor in ../modelgraded; copy it there");
        var root = JsonTexts.Parse(JsonTexts.Read(file), file) as JsonObject ?? [];
        var spec = root["prompt"] is not null ? root : root[name] as JsonObject ?? [];
        var prompt = JsonTexts.Of(spec["prompt"] ?? throw new ImportException($"{file} has no prompt"));
        foreach (var (key, value) in args["modelgraded_spec_args"] as JsonObject ?? [])
        {
            prompt = prompt.Replace($"{{{key}}}", JsonTexts.Of(value), StringComparison.Ordinal);
        }

        var choices = spec["choice_strings"] is JsonValue text ? text.ToString().StartsWith("from_", StringComparison.Ordinal) ? [] : text.ToString().Select(static letter => letter.ToString()).ToArray() : [.. JsonTexts.List(spec["choice_strings"]).Select(JsonTexts.Of)];
        if (spec["choice_scores"] is JsonObject scores)
        {
            // Scores of 0 to 1 are the judge's; others are brought there.
            var most = scores.Max(static pair => Math.Abs(double.Parse(JsonTexts.Of(pair.Value), System.Globalization.CultureInfo.InvariantCulture)));
            prompt += $"\nThe score of each choice: {string.Join(", ", scores.Select(pair => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pair.Key} is {Math.Max(0, double.Parse(JsonTexts.Of(pair.Value), System.Globalization.CultureInfo.InvariantCulture)) / Math.Max(1, most):0.##}")))}.";
        }
        else if (choices.Length > 0)
        {
            prompt += $"\nThe score of choice {choices[0]} is 1, that of the others 0.";
            args.Changed("modelgraded_spec", $"'{name}' gives its choices no scores; the first one counts as right", "Write the scores into the rubrics of the suite");
        }

        return ("llm-rubric", prompt);
    }

    private static Regex Placeholder() => new(@"\{(?<name>\w+)\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
}
