using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Inspect;

/// <summary>One of Inspect's scorers with its settings, as its author writes it: <c>match(location=begin, numeric=true)</c>.</summary>
internal sealed class InspectScorer
{
    private static readonly string[] Known = ["match", "includes", "exact", "f1", "pattern", "answer", "choice", "math", "model_graded_qa", "model_graded_fact"];

    private readonly Dictionary<string, string> settings;

    private InspectScorer(string name, Dictionary<string, string> settings)
    {
        Name = name;
        this.settings = settings;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What is not quite the same here; null when nothing is.</summary>
    public string? Difference => Name switch
    {
        "match" when Is("numeric") => "the answer's number is found by this project's rules",
        "f1" => "an answer passes from an F1 of 0.5 on; Inspect keeps the share alone",
        "choice" or "answer" => "the choice is found by this project's rules",
        "math" => "formulas are compared by this project's rules",
        "model_graded_qa" or "model_graded_fact" => "the judge gets this project's orders, and the grade C, P or I is a score of 1, 0.5 or 0",
        _ => null,
    };

    /// <summary>Whether the target is itself an answer that would be right.</summary>
    public bool ShowsTarget => Name is "match" or "includes" or "exact" or "f1" or "math" or "choice";

    /// <summary>Reads a scorer.</summary>
    /// <exception cref="ImportException">There is none like it.</exception>
    public static InspectScorer Read(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = (open < 0 ? text : text[..open]).Trim();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Known.Contains(name, StringComparer.Ordinal))
        {
            throw new ImportException($"there is no scorer '{name}'; give one of {string.Join(", ", Known)}");
        }

        if (open >= 0)
        {
            var inner = text[(open + 1)..].TrimEnd().TrimEnd(')');

            // A pattern may hold commas and equals signs.
            foreach (var part in name is "pattern" ? [inner] : inner.Split(','))
            {
                var pair = part.Split('=', 2);
                settings[pair.Length == 2 && !(name is "pattern" && pair[0].Trim() is not "pattern") ? pair[0].Trim() : name is "pattern" ? "pattern" : "location"] = pair[^1].Trim(' ', '"', '\'');
            }
        }

        return name is "pattern" && !settings.ContainsKey("pattern") ? throw new ImportException("the scorer pattern needs its expression: --scorer 'pattern(ANSWER: (\\w+))'") : new(name, settings);
    }

    /// <summary>What an answer is held to; null when the target does not fit.</summary>
    public JsonObject? Expectation(string[] targets, string[] choices)
    {
        var values = new JsonArray([.. targets.Select(static target => (JsonNode)SuiteText.Literal(target))]);
        switch (Name)
        {
            case "match" when Is("numeric"):
                return Text.FoundNumber.Last(targets[0]) is null ? null : new() { ["type"] = "number", ["value"] = targets[0] };
            case "match":
                return Script(CheckScripts.Match, new() { ["location"] = settings.GetValueOrDefault("location", "end"), ["ignore_case"] = Is("ignore_case", true) });
            case "includes":
                return new() { ["type"] = Is("ignore_case", true) ? "icontains-any" : "contains-any", ["value"] = values };
            case "exact":
                return Script(CheckScripts.Exact, null);
            case "f1":
                var shared = Script(CheckScripts.SharedWords, null);
                shared["threshold"] = 0.5;
                return shared;
            case "pattern":
                return Script(CheckScripts.Pattern, new() { ["pattern"] = SuiteText.Literal(settings["pattern"]), ["ignore_case"] = Is("ignore_case", true), ["match_all"] = false });
            case "answer":
                return settings.GetValueOrDefault("location", "line") is "letter" && !targets.All(static target => target.Length == 1 && char.IsAsciiLetter(target[0])) ? null : new() { ["type"] = "choice", ["value"] = values, ["take"] = settings.GetValueOrDefault("location", "line"), ["after"] = "ANSWER:" };
            case "choice":
                return targets.All(target => target.Length == 1 && char.IsAsciiLetterUpper(target[0]) && target[0] - 'A' < choices.Length)
                    ? new() { ["type"] = "choice", ["value"] = values, ["choices"] = new JsonArray([.. choices.Select(static choice => (JsonNode)SuiteText.Literal(choice))]) }
                    : null;
            case "math":
                return new() { ["type"] = "math", ["value"] = values };
            case "model_graded_fact":
                return new() { ["type"] = "factuality", ["value"] = SuiteText.Literal(string.Join(" or ", targets)) };
            default:
                return new() { ["type"] = "llm-rubric", ["value"] = SuiteText.Literal($"The answer says the same as this, or does what this asks for: {string.Join(" or ", targets)}") };
        }
    }

    private bool Is(string setting, bool absent = false) => settings.TryGetValue(setting, out var said) ? string.Equals(said, "true", StringComparison.OrdinalIgnoreCase) : absent;

    private static JsonObject Script(string body, JsonObject? config)
    {
        var made = new JsonObject { ["type"] = "javascript", ["value"] = body };
        if (config is not null)
        {
            made["config"] = config;
        }

        return made;
    }
}
