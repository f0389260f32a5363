using System.Text.Json;

namespace Sommelier.TestKit.Recordings;

/// <summary>What a recording says, by a plain walk over its JSON that shares no code with the product.</summary>
/// <param name="Text">All text of the first answer.</param>
/// <param name="Calls">Its tool calls: name and arguments.</param>
/// <param name="Reasoning">Its thinking as text, without white space.</param>
/// <param name="Finish">Why it ended, in our words; null where the recording does not say or says it in words of its own.</param>
/// <param name="Input">Input tokens, those of caches included; null where they are not told.</param>
/// <param name="Output">Output tokens, thinking included; null where they are not told.</param>
public sealed record Walked(string Text, string Calls, string Reasoning, string? Finish, long? Input, long? Output)
{
    private static readonly string[] CountedByAnthropic = ["input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"];

    /// <summary>The names of the tools that it calls.</summary>
    public IReadOnlyList<string> Called { get; private init; } = [];

    /// <summary>Walks a recording; null where it holds a fault instead of an answer.</summary>
    public static Walked? Of(RecordedFile file) => file.IsFault ? null : (file.Format, file.Streamed) switch
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

    /// <summary>A call in words that can be compared: its name, and each value of its arguments with its place.</summary>
    public static string Call(string? name, string? arguments) =>
        Call(name, string.IsNullOrWhiteSpace(arguments) ? [] : Leaves(JsonSerializer.Deserialize<JsonElement>(arguments), "$"));

    /// <summary>A text without its white space.</summary>
    public static string Bare(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));

    private static Walked Make(string text, IEnumerable<string> called, string reasoning, string? finish, long? input, long? output)
    {
        string[] calls = [.. called];
        var all = string.Join(' ', calls);
        var word = finish switch
        {
            "STOP" or "stop" or "completed" => all.Length > 0 ? "ToolCalls" : "Stop",
            "end_turn" or "stop_sequence" => "Stop",
            "tool_calls" or "tool_use" => "ToolCalls",
            "MAX_TOKENS" or "max_tokens" or "length" or "max_output_tokens" => "Length",
            _ => null,
        };
        return new(text, all, Bare(reasoning), word, input, output)
        {
            Called = [.. calls.Select(call => call[..call.IndexOf('(', StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal)],
        };
    }

    private static Walked Gemini(IEnumerable<JsonElement> events)
    {
        var (text, thought, finish, input, output) = ("", "", (string?)null, (long?)null, (long?)null);
        var calls = new List<(string Name, Dictionary<string, string> Leaves)>();
        foreach (var item in events)
        {
            foreach (var part in Items(Get(item, "candidates", 0, "content"), "parts"))
            {
                var said = Str(part, "text") ?? "";
                (text, thought) = Get(part, "thought").ValueKind == JsonValueKind.True ? (text, thought + said) : (text + said, thought);
                if (Str(Get(part, "functionCall"), "name") is { } name)
                {
                    calls.Add((name, Leaves(Get(part, "functionCall", "args"), "$").ToDictionary()));
                }

                // Vertex AI cuts arguments, and texts among them, into pieces with their places.
                foreach (var piece in Items(Get(part, "functionCall"), "partialArgs"))
                {
                    var value = piece.EnumerateObject().First(member => member.Name.EndsWith("Value", StringComparison.Ordinal)).Value;
                    var leaves = calls[^1].Leaves;
                    var place = Str(piece, "jsonPath")!;
                    leaves[place] = leaves.GetValueOrDefault(place) + (value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText());
                }
            }

            var usage = Get(item, "usageMetadata");
            finish = Str(Get(item, "candidates", 0), "finishReason") ?? finish;
            input = Num(usage, "promptTokenCount") ?? input;
            output = Num(usage, "candidatesTokenCount") is { } count ? count + (Num(usage, "thoughtsTokenCount") ?? 0) : output;
        }

        return Make(text, calls.Select(call => Call(call.Name, call.Leaves)), thought, finish, input, output);
    }

    private static Walked Converse(JsonElement root)
    {
        var blocks = Items(Get(root, "output", "message"), "content").ToArray();
        return Make(
            Join(blocks.Select(block => Str(block, "text"))),
            blocks.Where(block => Str(Get(block, "toolUse"), "name") is not null).Select(block => Call(Str(Get(block, "toolUse"), "name"), Raw(block, "toolUse", "input"))),
            Join(blocks.Select(block => Str(Get(block, "reasoningContent", "reasoningText"), "text"))),
            Str(root, "stopReason"),
            Sum(Get(root, "usage"), "inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"),
            Num(Get(root, "usage"), "outputTokens"));
    }

    private static Walked ConverseStream(IReadOnlyList<JsonElement> events)
    {
        var calls = events.Select(item => Get(item, "contentBlockStart")).Where(start => Str(Get(start, "start", "toolUse"), "name") is not null)
            .Select(start => Call(Str(Get(start, "start", "toolUse"), "name"), Join(events.Select(item => Get(item, "contentBlockDelta"))
                .Where(delta => Num(delta, "contentBlockIndex") == Num(start, "contentBlockIndex")).Select(delta => Str(Get(delta, "delta", "toolUse"), "input")))));
        return Make(
            Join(events.Select(item => Str(Get(item, "contentBlockDelta", "delta"), "text"))),
            calls,
            Join(events.Select(item => Str(Get(item, "contentBlockDelta", "delta", "reasoningContent"), "text"))),
            events.Select(item => Str(Get(item, "messageStop"), "stopReason")).LastOrDefault(word => word is not null),
            events.Select(item => Sum(Get(item, "metadata", "usage"), "inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")).LastOrDefault(count => count is not null),
            events.Select(item => Num(Get(item, "metadata", "usage"), "outputTokens")).LastOrDefault(count => count is not null));
    }

    private static Walked Responses(JsonElement root)
    {
        var items = Items(root, "output").ToArray();
        return Make(
            Join(items.Where(item => Str(item, "type") == "message").SelectMany(item => Items(item, "content")).Where(part => Str(part, "type") == "output_text").Select(part => Str(part, "text"))),
            CallsOf(items),
            Thought(items),
            Ended(root),
            Num(Get(root, "usage"), "input_tokens"),
            Num(Get(root, "usage"), "output_tokens"));
    }

    private static Walked ResponsesStream(IReadOnlyList<JsonElement> events)
    {
        // Some servers leave the items out of the last event: the deltas hold them all.
        var items = events.Where(item => Str(item, "type") == "response.output_item.done").Select(item => Get(item, "item")).ToArray();
        return Make(
            Join(events.Where(item => Str(item, "type") == "response.output_text.delta").Select(item => Str(item, "delta"))),
            CallsOf(items),
            Thought(items),
            Ended(Get(events[^1], "response")),
            Num(Get(events[^1], "response", "usage"), "input_tokens"),
            Num(Get(events[^1], "response", "usage"), "output_tokens"));
    }

    private static string? Ended(JsonElement response) => Str(Get(response, "incomplete_details"), "reason") ?? Str(response, "status");

    // A tool that takes text is called with the text as its input.
    private static IEnumerable<string> CallsOf(IEnumerable<JsonElement> items) => items.Where(item => Str(item, "type") is "function_call" or "custom_tool_call")
        .Select(item => Call(Str(item, "name"), Str(item, "arguments") ?? JsonSerializer.Serialize(new Dictionary<string, string?> { ["input"] = Str(item, "input") })));

    private static string Thought(IEnumerable<JsonElement> items) => Join(items.Where(item => Str(item, "type") == "reasoning")
        .SelectMany(item => Items(item, "summary").Concat(Items(item, "content"))).Select(part => Str(part, "text")));

    private static Walked Chat(JsonElement root)
    {
        var message = Get(root, "choices", 0, "message");
        return Make(
            Content(message, "text"),
            Items(message, "tool_calls").Select(call => Call(Str(Get(call, "function"), "name"), Str(Get(call, "function"), "arguments"))),
            Thought(message),
            Str(Get(root, "choices", 0), "finish_reason"),
            Num(Get(root, "usage"), "prompt_tokens"),
            ChatOutput(root));
    }

    private static Walked ChatStream(IReadOnlyList<JsonElement> events)
    {
        var deltas = events.Select(item => Get(item, "choices", 0, "delta")).ToArray();
        var pieces = deltas.SelectMany(delta => Items(delta, "tool_calls")).GroupBy(piece => Num(piece, "index") ?? 0);
        return Make(
            string.Concat(deltas.Select(delta => Content(delta, "text"))),
            pieces.Select(call => Call(Join(call.Select(piece => Str(Get(piece, "function"), "name"))), Join(call.Select(piece => Str(Get(piece, "function"), "arguments"))))),
            string.Concat(deltas.Select(Thought)),
            events.Select(item => Str(Get(item, "choices", 0), "finish_reason")).LastOrDefault(word => word is not null),
            events.Select(item => Num(Get(item, "usage"), "prompt_tokens")).LastOrDefault(count => count is not null),
            events.Select(ChatOutput).LastOrDefault(count => count is not null));
    }

    // What is not input is output, thinking included, wherever a vendor counts it.
    private static long? ChatOutput(JsonElement root) => Num(Get(root, "usage"), "total_tokens") - Num(Get(root, "usage"), "prompt_tokens");

    private static string Thought(JsonElement message) =>
        Str(message, "reasoning_content") ?? Str(message, "reasoning") ?? string.Concat(Items(message, "content").Where(part => Str(part, "type") == "thinking").Select(part => Content(part, "text", "thinking")));

    private static string Content(JsonElement message, string type, string name = "content")
    {
        var content = Get(message, name);
        return content.ValueKind == JsonValueKind.String ? content.GetString()!
            : content.ValueKind == JsonValueKind.Array ? string.Concat(content.EnumerateArray().Where(part => Str(part, "type") == type).Select(part => Str(part, "text")))
            : "";
    }

    private static Walked Messages(JsonElement root)
    {
        var blocks = Items(root, "content").ToArray();
        return Make(
            Join(blocks.Where(block => Str(block, "type") == "text").Select(block => Str(block, "text"))),
            blocks.Where(block => Str(block, "type") == "tool_use").Select(block => Call(Str(block, "name"), Raw(block, "input"))),
            Join(blocks.Where(block => Str(block, "type") == "thinking").Select(block => Str(block, "thinking"))),
            Str(root, "stop_reason"),
            Sum(Get(root, "usage"), CountedByAnthropic),
            Num(Get(root, "usage"), "output_tokens"));
    }

    private static Walked MessagesStream(IReadOnlyList<JsonElement> events)
    {
        var calls = new List<string>();
        for (var at = 0; at < events.Count; at++)
        {
            // A step of a server-side loop comes with its call in the head.
            calls.AddRange(Items(Get(events[at], "message"), "content").Where(block => Str(block, "type") == "tool_use").Select(block => Call(Str(block, "name"), Raw(block, "input"))));
            if (Str(Get(events[at], "content_block"), "type") == "tool_use")
            {
                var index = Num(events[at], "index");
                var pieces = events.Skip(at).TakeWhile(item => Str(item, "type") != "content_block_stop" || Num(item, "index") != index).Where(item => Num(item, "index") == index);
                var text = Join(pieces.Select(item => Str(Get(item, "delta"), "partial_json")));
                calls.Add(Call(Str(Get(events[at], "content_block"), "name"), text.Length > 0 ? text : Raw(events[at], "content_block", "input")));
            }
        }

        return Make(
            Join(events.Select(item => (Str(Get(item, "delta"), "type") == "text_delta" ? Str(Get(item, "delta"), "text") : "") + (Str(Get(item, "content_block"), "type") == "text" ? Str(Get(item, "content_block"), "text") : ""))),
            calls,
            Join(events.Select(item => Str(Get(item, "delta"), "thinking"))),
            events.Select(item => Str(Get(item, "delta"), "stop_reason")).LastOrDefault(word => word is not null),
            CountedByAnthropic.Sum(name => Last(events, name)),
            Last(events, "output_tokens"));
    }

    // The end's count stands where it has one, else the beginning's.
    private static long? Last(IEnumerable<JsonElement> events, string name) =>
        events.Select(item => Num(Get(item, "usage"), name) ?? Num(Get(item, "message", "usage"), name)).LastOrDefault(count => count is not null);

    private static long? Sum(JsonElement usage, params string[] names) => Num(usage, names[0]) + names.Skip(1).Sum(name => Num(usage, name) ?? 0);

    private static string Call(string? name, IEnumerable<KeyValuePair<string, string>> leaves) => $"{name}({string.Join(", ", leaves.Select(leaf => $"{leaf.Key}={leaf.Value}"))})";

    private static IEnumerable<KeyValuePair<string, string>> Leaves(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Leaves(member.Value, $"{place}.{member.Name}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany((item, index) => Leaves(item, $"{place}[{index}]")),
        JsonValueKind.Undefined => [],
        JsonValueKind.String => [KeyValuePair.Create(place, value.GetString()!)],
        _ => [KeyValuePair.Create(place, value.GetRawText())],
    };

    private static string Join(IEnumerable<string?> texts) => string.Concat(texts);

    private static string? Raw(JsonElement element, params object[] path) => Get(element, path) is { ValueKind: not JsonValueKind.Undefined } value ? value.GetRawText() : null;

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
