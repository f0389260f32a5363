using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Configuration;

namespace Sommelier.Evals.Suites;

/// <summary>Reads an answer that stands in a suite: a text, or <c>{ text, tool_calls: [{ name, arguments }] }</c>.</summary>
internal static class WrittenAnswerReader
{
    /// <summary>The answer; null when the tree is none, which <paramref name="problems"/> was told.</summary>
    public static WrittenAnswer? Read(JsonNode? json, ConfigPosition position, string path, SuiteProblems problems)
    {
        switch (json)
        {
            case null:
                return new("", []);
            case JsonValue value:
                return new(Text(value), []);
            case JsonObject answer when answer.All(static member => member.Key is "text" or "tool_calls"):
                var calls = new List<ToolCallPart>();
                foreach (var call in answer["tool_calls"] as JsonArray ?? [])
                {
                    if (call is not JsonObject { } one || one["name"] is not JsonValue name || one.Any(static member => member.Key is not ("name" or "arguments")))
                    {
                        problems.Add(position, $"{path}.tool_calls", "a tool call is not { name, arguments }", "Write - { name: the_tool, arguments: { … } }");
                        return null;
                    }

                    var arguments = one["arguments"] switch
                    {
                        null => "{}",
                        JsonValue text when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
                        var given => given.ToJsonString(ReadableJson.Options),
                    };
                    calls.Add(new(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"call_{calls.Count + 1}"), Text(name), arguments));
                }

                return new(answer["text"] is JsonValue said ? Text(said) : "", calls);
            default:
                problems.Add(position, path, "the answer is neither a text nor { text, tool_calls }", "Quote it, when it is JSON that the model is to write as text");
                return null;
        }
    }

    private static string Text(JsonValue value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString(ReadableJson.Options);
}
