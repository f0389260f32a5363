using System.Text.Json;

namespace Sommelier.Tests.Wire.Recordings;

/// <summary>What a recording says, by a plain walk over its JSON that shares no code with the product.</summary>
internal sealed record Walked(string Text, string Calls, long? Output)
{
    /// <summary>Walks a recording; null where it holds an error instead of an answer.</summary>
    public static Walked? Of(RecordedFile file) => (file.Format, file.Streamed) switch
    {
        ("gemini", _) => Gemini(file.Events),
        ("bedrock-converse", false) => Converse(file.Events[0]),
        ("bedrock-converse", true) => ConverseStream(file.Events),
        ("openai-responses", false) => Responses(file.Events[0]),
        ("openai-responses", true) => ResponsesStream(file.Events),
        ("openai-chat", false) => Chat(file.Events[0]),
        ("openai-chat", true) => ChatStream(file.Events),
        (_, false) => Messages(file.Events[0]),
        _ => MessagesStream(file.Events),
    };

    private static Walked Gemini(IEnumerable<JsonElement> events)
    {
        var (text, calls, output) = ("", new List<string>(), (long?)null);
        foreach (var item in events)
        {
            foreach (var part in Items(Get(item, "candidates", 0, "content"), "parts"))
            {
                text += Str(part, "text") is { } said && Get(part, "thought").ValueKind != JsonValueKind.True ? said : "";
                if (Str(Get(part, "functionCall"), "name") is { } name)
                {
                    calls.Add(name);
                }
            }

            var usage = Get(item, "usageMetadata");
            output = Num(usage, "candidatesTokenCount") is { } count ? count + (Num(usage, "thoughtsTokenCount") ?? 0) : output;
        }

        return new(text, string.Join(' ', calls), output);
    }

    private static Walked Converse(JsonElement root)
    {
        var blocks = Items(Get(root, "output", "message"), "content").ToArray();
        return new(string.Concat(blocks.Select(block => Str(block, "text"))), string.Join(' ', blocks.Select(block => Str(Get(block, "toolUse"), "name")).OfType<string>()), Num(Get(root, "usage"), "outputTokens"));
    }

    private static Walked ConverseStream(IReadOnlyList<JsonElement> events) => new(
        string.Concat(events.Select(item => Str(Get(item, "contentBlockDelta", "delta"), "text"))),
        string.Join(' ', events.Select(item => Str(Get(item, "contentBlockStart", "start", "toolUse"), "name")).OfType<string>()),
        events.Select(item => Num(Get(item, "metadata", "usage"), "outputTokens")).LastOrDefault(count => count is not null));

    private static Walked Responses(JsonElement root)
    {
        var items = Items(root, "output").ToArray();
        var text = string.Concat(items.Where(item => Str(item, "type") == "message").SelectMany(item => Items(item, "content")).Where(part => Str(part, "type") == "output_text").Select(part => Str(part, "text")));
        return new(text, string.Join(' ', items.Where(item => Str(item, "type") is "function_call" or "custom_tool_call").Select(item => Str(item, "name"))), Num(Get(root, "usage"), "output_tokens"));
    }

    private static Walked? ResponsesStream(IReadOnlyList<JsonElement> events)
    {
        if (events.Any(item => Str(item, "type") is "response.failed" or "error"))
        {
            return null;
        }

        // Some servers leave the items out of the last event: the deltas hold them all.
        var text = string.Concat(events.Where(item => Str(item, "type") == "response.output_text.delta").Select(item => Str(item, "delta")));
        var calls = events.Where(item => Str(item, "type") == "response.output_item.done").Select(item => Get(item, "item")).Where(item => Str(item, "type") is "function_call" or "custom_tool_call").Select(item => Str(item, "name"));
        return new(text, string.Join(' ', calls), Num(Get(events[^1], "response", "usage"), "output_tokens"));
    }

    private static Walked Chat(JsonElement root)
    {
        var message = Get(root, "choices", 0, "message");
        return new(Content(message), string.Join(' ', Items(message, "tool_calls").Select(call => Str(Get(call, "function"), "name"))), null);
    }

    private static Walked ChatStream(IReadOnlyList<JsonElement> events)
    {
        var deltas = events.Select(item => Get(item, "choices", 0, "delta")).ToArray();
        var calls = deltas.SelectMany(delta => Items(delta, "tool_calls")).Select(call => Str(Get(call, "function"), "name")).Where(name => !string.IsNullOrEmpty(name));
        return new(string.Concat(deltas.Select(Content)), string.Join(' ', calls), null);
    }

    private static string Content(JsonElement message)
    {
        var content = Get(message, "content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()!
            : content.ValueKind == JsonValueKind.Array ? string.Concat(content.EnumerateArray().Where(part => Str(part, "type") == "text").Select(part => Str(part, "text")))
            : "";
    }

    private static Walked Messages(JsonElement root)
    {
        var blocks = Items(root, "content").ToArray();
        return new(
            string.Concat(blocks.Where(block => Str(block, "type") == "text").Select(block => Str(block, "text"))),
            string.Join(' ', blocks.Where(block => Str(block, "type") == "tool_use").Select(block => Str(block, "name"))),
            null);
    }

    private static Walked MessagesStream(IReadOnlyList<JsonElement> events) => new(
        string.Concat(events.Select(item => (Str(Get(item, "delta"), "type") == "text_delta" ? Str(Get(item, "delta"), "text") : "") + (Str(Get(item, "content_block"), "type") == "text" ? Str(Get(item, "content_block"), "text") : ""))),
        // A step of a server-side loop comes with its call in the head.
        string.Join(' ', events.SelectMany(item => Items(Get(item, "message"), "content").Append(Get(item, "content_block"))).Where(block => Str(block, "type") == "tool_use").Select(block => Str(block, "name"))),
        null);

    private static JsonElement Get(JsonElement element, params object[] path)
    {
        foreach (var step in path)
        {
            element = (element.ValueKind, step) switch
            {
                (JsonValueKind.Object, string name) when element.TryGetProperty(name, out var value) => value,
                (JsonValueKind.Array, int index) when index < element.GetArrayLength() => element[index],
                _ => default,
            };
        }

        return element;
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) => Get(element, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static string? Str(JsonElement element, string name) => Get(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Num(JsonElement element, string name) => Get(element, name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
}
