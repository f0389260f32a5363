using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Clients;

/// <summary>A provider of one wire format that first calls a tool and then ends, streamed as providers do.</summary>
internal static class AgentVendor
{
    /// <summary>The id of the call.</summary>
    public const string CallId = "call_agent_1";

    /// <summary>What is said at the end.</summary>
    public const string Text = "It says hello.";

    /// <summary>A configuration with that provider alone, as <c>vendor/model</c>.</summary>
    public static string Configuration(string format, Uri address) => format switch
    {
        "openai-chat" => Configuration("type: openai-compatible, ", $"{address}v1"),
        "openai-responses" => Configuration("type: openai, ", $"{address}v1"),
        _ => Configuration("type: anthropic, ", address.ToString().TrimEnd('/')),
    };

    /// <summary>The two replies.</summary>
    public static FaultServer Start(string format, JsonObject call) => new(FaultReply.Events(format switch
    {
        "openai-chat" => ChatCall(call),
        "openai-responses" => ResponsesCall(call),
        _ => AnthropicCall(call),
    }), FaultReply.Events(format switch
    {
        "openai-chat" => [Chunk(new() { ["content"] = Text }), Chunk([], "stop"), "data: [DONE]\n\n"],
        "openai-responses" => ResponsesText(),
        _ => AnthropicText(),
    }));

    private static string Configuration(string type, string address) =>
        $$"""
        discover: false
        providers:
          vendor: { {{type}}api_key: sk-upstream, base_url: "{{address}}", models: [{ id: model, context: 200000, max_output: 64000, capabilities: [tools, parallel_tools, vision, streaming, reasoning] }] }
        """;

    // A call is { name, arguments } of a function, or { name, namespace, input } of a tool that takes text.
    private static string Arguments(JsonObject call) => call["arguments"]!.ToJsonString();

    private static IEnumerable<string> ChatCall(JsonObject call)
    {
        var arguments = Arguments(call);
        JsonObject Piece(string text, bool first) => new()
        {
            ["tool_calls"] = new JsonArray(first
                ? new JsonObject { ["index"] = 0, ["id"] = CallId, ["type"] = "function", ["function"] = new JsonObject { ["name"] = (string?)call["name"], ["arguments"] = text } }
                : new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = text } }),
        };
        return [Chunk(Piece("", true)), Chunk(Piece(arguments[..5], false)), Chunk(Piece(arguments[5..], false)), Chunk([], "tool_calls"), "data: [DONE]\n\n"];
    }

    private static string Chunk(JsonObject delta, string? finish = null) => Data(new()
    {
        ["id"] = "chatcmpl-1",
        ["object"] = "chat.completion.chunk",
        ["created"] = 1780000000,
        ["model"] = "vendor-model",
        ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
    });

    private static IEnumerable<string> AnthropicCall(JsonObject call)
    {
        var arguments = Arguments(call);
        JsonObject Piece(string text) => new() { ["type"] = "content_block_delta", ["index"] = 0, ["delta"] = new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = text } };
        return
        [
            AnthropicStart(),
            Event(new() { ["type"] = "content_block_start", ["index"] = 0, ["content_block"] = new JsonObject { ["type"] = "tool_use", ["id"] = CallId, ["name"] = (string?)call["name"], ["input"] = new JsonObject() } }),
            Event(Piece(arguments[..5])), Event(Piece(arguments[5..])),
            .. AnthropicEnd("tool_use"),
        ];
    }

    private static IEnumerable<string> AnthropicText() =>
    [
        AnthropicStart(),
        Event(new() { ["type"] = "content_block_start", ["index"] = 0, ["content_block"] = new JsonObject { ["type"] = "text", ["text"] = "" } }),
        Event(new() { ["type"] = "content_block_delta", ["index"] = 0, ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = Text } }),
        .. AnthropicEnd("end_turn"),
    ];

    private static string AnthropicStart() => Event(new()
    {
        ["type"] = "message_start",
        ["message"] = JsonNode.Parse("""{"id":"msg_1","type":"message","role":"assistant","model":"vendor-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}"""),
    });

    private static IEnumerable<string> AnthropicEnd(string reason) =>
    [
        Event(new() { ["type"] = "content_block_stop", ["index"] = 0 }),
        Event(new() { ["type"] = "message_delta", ["delta"] = new JsonObject { ["stop_reason"] = reason, ["stop_sequence"] = null }, ["usage"] = new JsonObject { ["output_tokens"] = 5 } }),
        Event(new() { ["type"] = "message_stop" }),
    ];

    private static IEnumerable<string> ResponsesCall(JsonObject call)
    {
        var text = (string?)call["input"];
        var (family, member, value) = text is null ? ("response.function_call_arguments", "arguments", Arguments(call)) : ("response.custom_tool_call_input", "input", text);
        JsonObject Item(string said, string status)
        {
            var item = new JsonObject { ["id"] = "item_1", ["type"] = text is null ? "function_call" : "custom_tool_call", ["status"] = status, ["call_id"] = CallId, ["name"] = (string?)call["name"], [member] = said };
            if (call["namespace"] is { } group)
            {
                item["namespace"] = (string?)group;
            }

            return item;
        }

        return Responses(
            Item("", "in_progress"),
            [new() { ["type"] = $"{family}.delta", ["delta"] = value }, new() { ["type"] = $"{family}.done", [member] = value }],
            Item(value, "completed"));
    }

    private static IEnumerable<string> ResponsesText()
    {
        static JsonObject Part(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() };
        static JsonObject Item(JsonArray content, string status) => new() { ["id"] = "item_1", ["type"] = "message", ["status"] = status, ["role"] = "assistant", ["content"] = content };
        return Responses(
            Item([], "in_progress"),
            [
                new() { ["type"] = "response.content_part.added", ["content_index"] = 0, ["part"] = Part("") },
                new() { ["type"] = "response.output_text.delta", ["content_index"] = 0, ["delta"] = Text, ["logprobs"] = new JsonArray() },
                new() { ["type"] = "response.output_text.done", ["content_index"] = 0, ["text"] = Text, ["logprobs"] = new JsonArray() },
                new() { ["type"] = "response.content_part.done", ["content_index"] = 0, ["part"] = Part(Text) },
            ],
            Item([Part(Text)], "completed"));
    }

    private static IEnumerable<string> Responses(JsonObject begun, IEnumerable<JsonObject> steps, JsonObject done)
    {
        static JsonObject Response(string status, JsonArray output) => new()
        {
            ["id"] = "resp_1", ["object"] = "response", ["created_at"] = 1780000000, ["status"] = status, ["model"] = "vendor-model", ["output"] = output,
            ["error"] = null, ["incomplete_details"] = null, ["tools"] = new JsonArray(),
            ["usage"] = status == "completed" ? JsonNode.Parse("""{"input_tokens":12,"output_tokens":5,"total_tokens":17}""") : null,
        };

        var number = 0;
        string Step(JsonObject step, bool ofItem)
        {
            step["sequence_number"] = number++;
            if (ofItem)
            {
                step["output_index"] = 0;
                step["item_id"] = "item_1";
            }

            return Event(step);
        }

        yield return Step(new() { ["type"] = "response.created", ["response"] = Response("in_progress", []) }, ofItem: false);
        yield return Step(new() { ["type"] = "response.output_item.added", ["item"] = begun }, ofItem: true);
        foreach (var step in steps)
        {
            yield return Step(step, ofItem: true);
        }

        yield return Step(new() { ["type"] = "response.output_item.done", ["item"] = done }, ofItem: true);
        yield return Step(new() { ["type"] = "response.completed", ["response"] = Response("completed", [done.DeepClone()]) }, ofItem: false);
    }

    private static string Event(JsonObject json) => $"event: {(string?)json["type"]}\n{Data(json)}";

    private static string Data(JsonObject json) => $"data: {json.ToJsonString()}\n\n";
}
