using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Importing.Promptfoo;

/// <summary>A prompt's text with templates in it, and the name under which tests speak of it.</summary>
internal sealed record PromptfooPrompt(string Raw, string Label);

/// <summary>Reads <c>prompts</c>: texts, files, lists and maps of them.</summary>
internal sealed class PromptfooPrompts(string file, PromptfooFiles files, ImportNotes notes)
{
    private readonly List<PromptfooPrompt> prompts = [];

    /// <summary>The prompts in their order.</summary>
    public IReadOnlyList<PromptfooPrompt> Read(JsonNode? given)
    {
        if (given is JsonObject map && map["raw"] is null && map["id"] is null)
        {
            foreach (var (name, label) in map)
            {
                Add(name, JsonTexts.Of(label), $"prompts.{name}");
            }

            return prompts;
        }

        var number = 0;
        foreach (var item in JsonTexts.List(given))
        {
            var path = $"prompts[{number++}]";
            switch (item)
            {
                case JsonValue text:
                    Add(text.ToString(), null, path);
                    break;
                case JsonObject named:
                    var group = new ImportGroup(named, file, path, notes);
                    if ((group.Text("raw") ?? group.Text("id")) is { } raw)
                    {
                        group.Ignore("id");
                        Add(raw, group.Text("label") ?? group.Text("id"), path);
                    }

                    group.NoteRest();
                    break;
                default:
                    notes.Lost(file, path, "the prompt is neither a text nor a file", "Write it as a text");
                    break;
            }
        }

        return prompts;
    }

    private void Add(string raw, string? label, string path)
    {
        var bare = PromptfooFiles.IsFile(raw) ? raw[PromptfooFiles.Prefix.Length..] : raw;
        var isFile = PromptfooFiles.IsFile(raw) || (!raw.Contains('\n', StringComparison.Ordinal) && !raw.Contains("{{", StringComparison.Ordinal) && Path.GetExtension(raw) is ".txt" or ".json" or ".yaml" or ".yml" or ".md" or ".j2" or ".jsonl" or ".csv" or ".js" or ".py");
        if (!isFile)
        {
            prompts.Add(new(raw, label ?? raw));
            return;
        }

        var found = files.Find(bare);
        if (found.Count == 0)
        {
            notes.Lost(file, path, Path.GetExtension(bare.Split(':')[0]) is ".js" or ".cjs" or ".mjs" or ".py" or ".ts" ? $"{bare} makes prompts by a program" : $"there is no file {bare}", "Write the prompts that it gives into a text file, and name that");
        }

        foreach (var one in found)
        {
            foreach (var text in Texts(one, path))
            {
                prompts.Add(new(text, label ?? $"{bare}: {text}"));
            }
        }
    }

    private IEnumerable<string> Texts(string path, string place)
    {
        switch (Path.GetExtension(path))
        {
            case ".txt":
                return Split(JsonTexts.Read(path));
            case ".yaml" or ".yml":
                return [JsonTexts.Parse(JsonTexts.Read(path), path) is { } node ? node.ToJsonString(ReadableJson.Options) : ""];
            case ".json" or ".md" or ".j2":
                return [JsonTexts.Read(path)];
            case ".jsonl":
                return JsonTexts.Read(path).Split('\n').Select(static line => line.TrimEnd('\r')).Where(static line => line.Length > 0);
            case ".csv":
                return JsonTexts.Rows(path).Select(static row => JsonTexts.Of(row.Row["prompt"])).Where(static text => text.Length > 0);
            default:
                notes.Lost(file, place, $"{Path.GetFileName(path)} makes prompts by a program", "Write the prompts that it gives into a text file, and name that");
                return [];
        }
    }

    private static IEnumerable<string> Split(string text)
    {
        var lines = new List<string>();
        foreach (var line in (string[])[.. text.Split('\n'), "---"])
        {
            if (line.Trim() is not "---")
            {
                lines.Add(line.TrimEnd('\r'));
            }
            else if (string.Join('\n', lines).Trim() is { Length: > 0 } prompt)
            {
                yield return prompt;
                lines.Clear();
            }
            else
            {
                lines.Clear();
            }
        }
    }

    /// <summary>A rendered prompt as messages when it is a chat in JSON or YAML; null when it is one text.</summary>
    public static JsonArray? Messages(string text)
    {
        var start = text.AsSpan().TrimStart();
        try
        {
            return start is ['[', ..] ? Chat(JsonNode.Parse(text)) : start.StartsWith("- role:") ? Chat(JsonTexts.Parse(text, "prompt")) : null;
        }
        catch (Exception failure) when (failure is JsonException or ImportException)
        {
            return null;
        }
    }

    private static JsonArray? Chat(JsonNode? node) => node is JsonArray { Count: > 0 } list && list.All(static item => item is JsonObject message && message["role"] is not null) ? list : null;
}
