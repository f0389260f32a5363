using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.Importing.Templates;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>Makes cases of prompts and tests.</summary>
internal sealed class PromptfooCases(PromptfooFiles files, ImportNotes notes, PromptfooAssertions assertions, string? providerTransform)
{
    /// <summary>The label that cases of one test share.</summary>
    public const string Cluster = "test";

    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    /// <summary>Whether one test became several cases, which are not independent.</summary>
    public bool HasClusters { get; private set; }

    /// <summary>The cases, test by test.</summary>
    public List<JsonObject> Make(IReadOnlyList<PromptfooPrompt> prompts, IReadOnlyList<PromptfooTest> tests)
    {
        var cases = new List<JsonObject>();
        for (var number = 0; number < tests.Count; number++)
        {
            var test = tests[number];
            try
            {
                var before = cases.Count;
                foreach (var variables in test.Combinations(files))
                {
                    cases.AddRange(prompts.Where(prompt => Takes(test, prompt)).Select(prompt => Case(test, number, prompt, variables)).OfType<JsonObject>());
                }

                HasClusters |= cases.Count > before + 1;
            }
            catch (ImportException failure)
            {
                notes.Lost(test.Own.File, test.Own.Path, failure.Message, "Write what it gives into the test");
            }
        }

        if (HasClusters)
        {
            return cases;
        }

        foreach (var one in cases)
        {
            var metadata = one["metadata"]!.AsObject();
            metadata.Remove(Cluster);
            if (metadata.Count == 0)
            {
                one.Remove("metadata");
            }
        }

        return cases;
    }

    /// <summary>Notes what nobody asked a test for.</summary>
    public void NoteRest(PromptfooTest test)
    {
        foreach (var layer in test.Layers)
        {
            layer.Ignore("description", "vars", "assert", "threshold", "options", "metadata", "prompts", "providerOutput");
            var options = new ImportGroup(layer["options"] as JsonObject ?? [], layer.File, layer.At("options"), notes);
            options.Ignore("prefix", "suffix", "transform", "postprocess", "provider", "repeat", "runSerially", "disableVarExpansion", "disableDefaultAsserts");
            options.NoteRest();
            layer.NoteRest();
        }
    }

    private static bool Takes(PromptfooTest test, PromptfooPrompt prompt) =>
        test["prompts"] is not { } named || JsonTexts.List(named).Any(name => JsonTexts.Of(name) is var said && (string.Equals(said, prompt.Label, StringComparison.Ordinal) || (said.EndsWith('*') && prompt.Label.StartsWith(said[..^1], StringComparison.Ordinal))));

    private JsonObject? Case(PromptfooTest test, int number, PromptfooPrompt prompt, Dictionary<string, JsonNode?> variables)
    {
        var one = new JsonObject();
        var description = test.Own.Text("description") ?? test["description"]?.ToString();
        var name = description is { Length: > 0 } && SuiteText.Name(description) is { Length: > 0 } words ? words : string.Create(CultureInfo.InvariantCulture, $"test-{number + 1}");
        try
        {
            Ask(one, $"{test.Option("prefix")}{prompt.Raw}{test.Option("suffix")}", variables);
        }
        catch (TemplateException failure)
        {
            notes.Lost(test.Own.File, test.Own.Path, $"its prompt cannot be rendered: {failure.Message}", "Write the prompt without it");
            return null;
        }

        var expect = Expectations(test, variables);
        if (expect.Count == 0)
        {
            notes.Lost(test.Own.File, test.Own.Path, "nothing is expected of the answer that a suite can check, so that it is no case", "Give it an assertion");
            return null;
        }

        if (one["messages"] is not null && variables.Count == 0)
        {
            // Nothing is filled into such a case, so that braces stand for themselves.
            expect = (JsonArray)Plain(expect)!;
        }

        one["expect"] = expect;
        if (test["threshold"] is JsonValue threshold && threshold.GetValueKind() == JsonValueKind.Number)
        {
            one["threshold"] = threshold.DeepClone();
        }

        if (test.Option("repeat") is JsonValue repeat && repeat.GetValueKind() == JsonValueKind.Number)
        {
            one["repeats"] = repeat.DeepClone();
        }

        if (test["providerOutput"] is { } output)
        {
            one["output"] = SuiteText.Literal(JsonTexts.Of(output));
        }

        var metadata = test.Merged("metadata");
        metadata[Cluster] = string.Create(CultureInfo.InvariantCulture, $"{number + 1}");
        one["metadata"] = metadata;
        one.Insert(0, "id", Id(name));
        return one;
    }

    private static void Ask(JsonObject one, string raw, Dictionary<string, JsonNode?> variables)
    {
        string text;
        if (Json(raw) is { } chat)
        {
            // Values go into the texts of a JSON prompt, so that their quotes cannot break it.
            text = Filled(chat, variables)!.ToJsonString(Suites.ReadableJson.Options);
        }
        else
        {
            text = NunjucksTemplate.Render(raw, variables);
        }

        if (PromptfooPrompts.Messages(text) is { } messages)
        {
            one["messages"] = variables.Count > 0 ? SuiteText.Literal(messages) : messages;
        }
        else if (IsPlain(raw, variables))
        {
            one["template"] = raw;
        }
        else
        {
            one["input"] = text;
        }

        if (variables.Count > 0)
        {
            one["vars"] = new JsonObject(variables.Select(static pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        }
    }

    private JsonArray Expectations(PromptfooTest test, Dictionary<string, JsonNode?> variables)
    {
        var transforms = new[] { providerTransform, (test.Option("transform") ?? test.Option("postprocess"))?.ToString() }.OfType<string>().ToArray();
        var scope = new PromptfooScope(variables, transforms, test.Option("provider"));
        var expect = new JsonArray();
        var withDefaults = test.Option("disableDefaultAsserts") is not JsonValue off || off.GetValueKind() != JsonValueKind.True;
        foreach (var layer in test.Layers.Reverse().Where(layer => withDefaults || layer.Path is not "defaultTest"))
        {
            var index = 0;
            foreach (var item in JsonTexts.List(layer["assert"]))
            {
                if (assertions.Map(item, layer.File, $"{layer.At("assert")}[{index++}]", scope) is { } expectation)
                {
                    expect.Add((JsonNode)expectation);
                }
            }
        }

        return expect;
    }

    private string Id(string name)
    {
        var id = name;
        for (var copy = 2; !ids.Add(id); copy++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{name}-{copy}");
        }

        return id;
    }

    // A template that the suite itself can fill, with the same result: names of single values and nothing else.
    private static bool IsPlain(string raw, Dictionary<string, JsonNode?> variables) =>
        raw.Contains("{{", StringComparison.Ordinal) && !raw.Contains("{%", StringComparison.Ordinal) && !raw.Contains("{#", StringComparison.Ordinal)
        && raw.Split("{{").Skip(1).All(part => part.Split("}}") is [var name, _] && variables.TryGetValue(name.Trim(), out var value) && value is JsonValue && value.GetValueKind() == JsonValueKind.String);

    private static JsonNode? Json(string raw)
    {
        try
        {
            return raw.AsSpan().TrimStart() is ['[' or '{', ..] && !raw.AsSpan().TrimStart().StartsWith("{{") && !raw.AsSpan().TrimStart().StartsWith("{%") ? JsonNode.Parse(raw) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Filled(JsonNode? node, Dictionary<string, JsonNode?> variables) => node switch
    {
        JsonValue text when text.GetValueKind() == JsonValueKind.String => JsonValue.Create(NunjucksTemplate.Render(text.GetValue<string>(), variables)),
        JsonArray list => new JsonArray([.. list.Select(item => Filled(item, variables))]),
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Filled(pair.Value, variables)))),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Plain(JsonNode? node) => node switch
    {
        JsonValue text when text.GetValueKind() == JsonValueKind.String => JsonValue.Create(text.GetValue<string>().Replace("{{{{", "{{", StringComparison.Ordinal)),
        JsonArray list => new JsonArray([.. list.Select(Plain)]),
        JsonObject map => new JsonObject(map.Select(static pair => KeyValuePair.Create(pair.Key, Plain(pair.Value)))),
        _ => node?.DeepClone(),
    };
}
