using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.Importing.Templates;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>A test with what <c>defaultTest</c> and its scenario say for it.</summary>
/// <param name="Own">The test itself.</param>
/// <param name="Layers">Where values are looked for, the nearest first: the test, its scenario's data, the default.</param>
internal sealed record PromptfooTest(ImportGroup Own, IReadOnlyList<ImportGroup> Layers)
{
    /// <summary>A key of the nearest layer that has it.</summary>
    public JsonNode? this[string key] => Layers.Select(layer => layer[key]).FirstOrDefault(static value => value is not null);

    /// <summary>A key of the nearest layer's options.</summary>
    public JsonNode? Option(string key) => Layers.Select(layer => (layer["options"] as JsonObject)?[key]).FirstOrDefault(static value => value is not null);

    /// <summary>The members of a mapping in all layers; the nearest has the say.</summary>
    public JsonObject Merged(string key)
    {
        var merged = new JsonObject();
        foreach (var (name, value) in Layers.Reverse().SelectMany(layer => layer[key] as JsonObject ?? []))
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }

    /// <summary>The variables of each case that the test stands for: a list of texts is one case for each of them, in combination with those of other lists.</summary>
    /// <exception cref="ImportException">A file that a variable names is not there, or is a program.</exception>
    public IReadOnlyList<Dictionary<string, JsonNode?>> Combinations(PromptfooFiles files)
    {
        var expand = Option("disableVarExpansion") is not JsonValue off || off.GetValueKind() != JsonValueKind.True;
        List<Dictionary<string, JsonNode?>> all = [new(StringComparer.Ordinal)];
        foreach (var (name, value) in Merged("vars"))
        {
            IReadOnlyList<JsonNode?> values = value switch
            {
                JsonArray { Count: > 0 } list when expand && list[0] is JsonValue first && first.GetValueKind() == JsonValueKind.String => [.. list],
                JsonValue text when expand && text.GetValueKind() == JsonValueKind.String && PromptfooFiles.IsFile(text.GetValue<string>()) => Named(text.GetValue<string>(), files),
                _ => [value],
            };
            all = [.. all.SelectMany(before => values.Select(one => new Dictionary<string, JsonNode?>(before, StringComparer.Ordinal) { [name] = one?.DeepClone() }))];
        }

        foreach (var combination in all)
        {
            Settle(combination, files);
        }

        return all;
    }

    private static IReadOnlyList<JsonNode?> Named(string reference, PromptfooFiles files) =>
        files.Find(reference) is { Count: > 0 } found ? [.. found.Select(static path => (JsonNode?)JsonValue.Create(PromptfooFiles.Prefix + path))] : throw new ImportException($"there is no file {reference[PromptfooFiles.Prefix.Length..]}");

    // Files are read, and variables in variables filled in, as promptfoo does before it renders.
    private static void Settle(Dictionary<string, JsonNode?> variables, PromptfooFiles files)
    {
        foreach (var (name, value) in variables.ToArray())
        {
            if (value is not JsonValue text || text.GetValueKind() != JsonValueKind.String)
            {
                continue;
            }

            var said = text.GetValue<string>();
            if (PromptfooFiles.IsFile(said))
            {
                said = Path.GetExtension(said) switch
                {
                    ".yaml" or ".yml" => JsonTexts.Of(files.Load(said)),
                    ".txt" or ".md" or ".json" or ".csv" or ".html" or ".xml" or "" => JsonTexts.Read(files.Full(said)).Trim(),
                    var kind => throw new ImportException($"a variable is taken from a {kind} file, which a suite cannot do"),
                };
            }

            variables[name] = JsonValue.Create(said.EndsWith('\n') ? said[..^1] : said);
        }

        // A variable may speak of another, which speaks of a third; five rounds, as there.
        for (var round = 0; round < 5; round++)
        {
            foreach (var (name, value) in variables.ToArray())
            {
                if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() is var said && said.Contains("{{", StringComparison.Ordinal))
                {
                    variables[name] = JsonValue.Create(Known(said, variables));
                }
            }
        }
    }

    private static string Known(string text, Dictionary<string, JsonNode?> variables)
    {
        try
        {
            // A name that is no variable stays: it may be the text's own braces.
            return text.Split("{{").Skip(1).All(part => part.Split("}}") is [var name, _, ..] && variables.ContainsKey(name.Trim())) ? NunjucksTemplate.Render(text, variables) : text;
        }
        catch (TemplateException)
        {
            return text;
        }
    }
}
