using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Tools that take text as it is, through the whole attempt loop: as Codex asks for them, from models that have none.</summary>
public sealed class CustomToolTests
{
    private const string Patch = "*** Begin\n+\"x\" 🙂";

    private const string Chat = """
        {"model":"auto","stream":STREAM,"messages":[{"role":"user","content":"Patch it."}],"tools":[{"type":"custom","custom":{"name":"apply_patch"}},{"type":"function","function":{"name":"look"}}]}
        """;

    private const string Responses = """
        {"model":"auto","stream":STREAM,"input":"Patch it.","tools":[{"type":"custom","name":"apply_patch"},{"type":"function","name":"look","parameters":{"type":"object"}}]}
        """;

    private static readonly string Arguments = JsonSerializer.Serialize(new { input = Patch });

    private static readonly string AnthropicWhole = $$$"""
        {"id":"msg_1","type":"message","role":"assistant","model":"claude","stop_reason":"tool_use","stop_sequence":null,
         "content":[{"type":"tool_use","id":"toolu_1","name":"apply_patch","input":{{{Arguments}}}},{"type":"tool_use","id":"toolu_2","name":"look","input":{"at":1}}],
         "usage":{"input_tokens":10,"output_tokens":5}}
        """;

    private static readonly string AnthropicStream = string.Concat(
        Event("message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[],"usage":{"input_tokens":10,"output_tokens":1}}}"""),
        Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"apply_patch","input":{}}}"""),
        Piece(0, Arguments[..14]), Piece(0, Arguments[14..20]), Piece(0, Arguments[20..]),
        Event("content_block_stop", """{"type":"content_block_stop","index":0}"""),
        Event("content_block_start", """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_2","name":"look","input":{}}}"""),
        Piece(1, """{"at":1}"""),
        Event("content_block_stop", """{"type":"content_block_stop","index":1}"""),
        Event("message_delta", """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":5}}"""),
        Event("message_stop", """{"type":"message_stop"}"""));

    [Theory]
    [InlineData("openai-responses", false)]
    [InlineData("openai-responses", true)]
    [InlineData("openai-chat", false)]
    [InlineData("openai-chat", true)]
    public async Task A_function_call_of_Claude_comes_back_as_the_custom_call_that_was_asked_for(string dialect, bool streamed)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("anthropic-messages", streamed ? FaultReply.Events([AnthropicStream]) : FaultReply.Json(AnthropicWhole));

        var reply = await rig.ReceiveAsync(Call(dialect, streamed));

        Assert.Equal("input", (string?)JsonNode.Parse(server.Requests[0].Body)!["tools"]![0]!["input_schema"]!["required"]![0]);
        AssertCalls(dialect, streamed, reply.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chat_server_without_custom_tools_serves_a_chat_caller_that_offers_one(bool streamed)
    {
        await using var rig = new AttemptRig();
        var call = $$$"""[{"index":0,"id":"toolu_1","type":"function","function":{"name":"apply_patch","arguments":{{{JsonSerializer.Serialize(Arguments)}}}}},{"index":1,"id":"toolu_2","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}}]""";
        var server = rig.Add("openai-chat", streamed
            ? FaultReply.Events([$$$"""data: {"id":"c","choices":[{"index":0,"delta":{"tool_calls":{{{call}}}}}]}""" + "\n\n", """data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""" + "\n\ndata: [DONE]\n\n"])
            : FaultReply.Json($$$"""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":{{{call}}}},"finish_reason":"tool_calls"}]}"""));

        var reply = await rig.ReceiveAsync(Call("openai-chat", streamed));

        Assert.Equal("function", (string?)JsonNode.Parse(server.Requests[0].Body)!["tools"]![0]!["type"]);
        AssertCalls("openai-chat", streamed, reply.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenAIs_custom_call_in_chat_reaches_a_Responses_caller_as_one(bool streamed)
    {
        await using var rig = new AttemptRig();
        var deployment = new Deployment { Id = "openai/gpt", Provider = "openai", Model = "gpt", CanonicalModel = "gpt", WireFormat = "openai-chat" };
        var begin = """[{"index":0,"id":"toolu_1","type":"custom","custom":{"name":"apply_patch","input":"*** Be"}},{"index":1,"id":"toolu_2","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}}]""";
        var more = $$$"""[{"index":0,"custom":{"input":{{{JsonSerializer.Serialize(Patch[6..])}}}}}]""";
        var whole = $$$"""[{"id":"toolu_1","type":"custom","custom":{"name":"apply_patch","input":{{{JsonSerializer.Serialize(Patch)}}}}},{"id":"toolu_2","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}}]""";
        var server = rig.Serve(new Sommelier.Providers.OpenAI(), deployment, streamed
            ? FaultReply.Events([
                $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"tool_calls":{{{begin}}}}}]}""" + "\n\n",
                $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"tool_calls":{{{more}}}}}]}""" + "\n\n",
                """data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""" + "\n\ndata: [DONE]\n\n"])
            : FaultReply.Json($$$"""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":{{{whole}}}},"finish_reason":"tool_calls"}]}"""));

        var reply = await rig.ReceiveAsync(Call("openai-responses", streamed));

        Assert.Equal("custom", (string?)JsonNode.Parse(server.Requests[0].Body)!["tools"]![0]!["type"]);
        AssertCalls("openai-responses", streamed, reply.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenAIs_custom_call_in_Responses_reaches_a_chat_caller_as_one(bool streamed)
    {
        await using var rig = new AttemptRig();
        var deployment = new Deployment { Id = "openai/gpt", Provider = "openai", Model = "gpt", CanonicalModel = "gpt", WireFormat = "openai-responses" };
        var input = JsonSerializer.Serialize(Patch);
        var items = $$$"""{"id":"ctc_1","type":"custom_tool_call","call_id":"toolu_1","name":"apply_patch","input":{{{input}}}},{"id":"fc_1","type":"function_call","call_id":"toolu_2","name":"look","arguments":"{\"at\":1}"}""";
        var end = $$$"""{"id":"resp_1","model":"m","status":"completed","output":[{{{items}}}],"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}""";
        rig.Serve(new Sommelier.Providers.OpenAI(), deployment, streamed
            ? FaultReply.Events([string.Concat(new[]
            {
                """{"type":"response.created","response":{"id":"resp_1","model":"m","status":"in_progress","output":[]}}""",
                """{"type":"response.output_item.added","output_index":0,"item":{"id":"ctc_1","type":"custom_tool_call","call_id":"toolu_1","name":"apply_patch","input":""}}""",
                """{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":"*** Be"}""",
                $$$"""{"type":"response.custom_tool_call_input.delta","output_index":0,"delta":{{{JsonSerializer.Serialize(Patch[6..])}}}}""",
                $$$"""{"type":"response.custom_tool_call_input.done","output_index":0,"input":{{{input}}}}""",
                $$$"""{"type":"response.output_item.done","output_index":0,"item":{"id":"ctc_1","type":"custom_tool_call","call_id":"toolu_1","name":"apply_patch","input":{{{input}}}}}""",
                """{"type":"response.output_item.done","output_index":1,"item":{"id":"fc_1","type":"function_call","call_id":"toolu_2","name":"look","arguments":"{\"at\":1}"}}""",
                $$$"""{"type":"response.completed","response":{{{end}}}}""",
            }.Select(data => $"data: {data}\n\n"))])
            : FaultReply.Json(end));

        AssertCalls("openai-chat", streamed, (await rig.ReceiveAsync(Call("openai-chat", streamed))).Text);
    }

    [Fact]
    public async Task A_grammar_that_nobody_would_hold_to_is_refused_to_a_strict_caller()
    {
        await using var rig = new AttemptRig();
        rig.Add("anthropic-messages", FaultReply.Json(AnthropicWhole));
        var body = Responses.Replace("STREAM", "false", StringComparison.Ordinal).Replace(
            "\"name\":\"apply_patch\"", "\"name\":\"apply_patch\",\"format\":{\"type\":\"grammar\",\"syntax\":\"regex\",\"definition\":\"a+\"}", StringComparison.Ordinal);

        var strict = await rig.ReceiveAsync(Call("openai-responses", streamed: false, body, strict: true));

        Assert.Contains("tools[0].format", strict.Error!.Message, StringComparison.Ordinal);
    }

    private static InboundCall Call(string dialect, bool streamed, string? body = null, bool strict = false)
    {
        var wire = WireFormats.Get(dialect);
        body ??= (dialect == "openai-chat" ? Chat : Responses).Replace("STREAM", streamed ? "true" : "false", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(body);
        return new()
        {
            Format = wire,
            Body = bytes,
            Outline = wire.Requests.Outline(bytes),
            Reply = new() { FallbackId = "reply-1", Model = "auto", Created = DateTimeOffset.UnixEpoch },
            Strict = strict,
        };
    }

    private static void AssertCalls(string dialect, bool streamed, string text)
    {
        if (dialect == "openai-chat")
        {
            var calls = streamed ? Joined(text) : JsonNode.Parse(text)!["choices"]![0]!["message"]!["tool_calls"]!.AsArray();
            Assert.Equal(("toolu_1", "custom", "apply_patch", Patch), (S(calls[0], "id"), S(calls[0], "type"), S(calls[0]!["custom"], "name"), S(calls[0]!["custom"], "input")));
            Assert.Equal(("toolu_2", "function", "look", """{"at":1}"""), (S(calls[1], "id"), S(calls[1], "type"), S(calls[1]!["function"], "name"), S(calls[1]!["function"], "arguments").Replace(" ", "", StringComparison.Ordinal)));
            return;
        }

        var events = streamed ? Events(text) : [];
        var output = (streamed ? events[^1]["response"]! : JsonNode.Parse(text)!)["output"]!.AsArray();
        Assert.Equal(("toolu_1", "custom_tool_call", "apply_patch", Patch), (S(output[0], "call_id"), S(output[0], "type"), S(output[0], "name"), S(output[0], "input")));
        Assert.Equal(("toolu_2", "function_call", "look"), (S(output[1], "call_id"), S(output[1], "type"), S(output[1], "name")));
        if (streamed)
        {
            Assert.Equal(Patch, string.Concat(events.Where(step => S(step, "type") == "response.custom_tool_call_input.delta").Select(step => S(step, "delta"))));
            Assert.Equal(Patch, S(events.Single(step => S(step, "type") == "response.custom_tool_call_input.done"), "input"));
        }
    }

    private static List<JsonNode> Events(string text) =>
        [.. text.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[6..])!)];

    // The calls of a chat stream, put together as a client does.
    private static JsonArray Joined(string text)
    {
        var calls = new JsonArray();
        foreach (var piece in Events(text).SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => choice!["delta"]!["tool_calls"]).OfType<JsonArray>().SelectMany(list => list))
        {
            var index = (int)piece!["index"]!;
            if (index == calls.Count)
            {
                calls.Add(piece.DeepClone());
                continue;
            }

            foreach (var (kind, member) in new[] { ("custom", "input"), ("function", "arguments") })
            {
                if (piece[kind]?[member] is { } more)
                {
                    calls[index]![kind]![member] = S(calls[index]![kind], member) + (string?)more;
                }
            }
        }

        return calls;
    }

    private static string S(JsonNode? node, string name) => (string?)node?[name] ?? "";

    private static string Piece(int index, string json) =>
        Event("content_block_delta", $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"input_json_delta","partial_json":{{{JsonSerializer.Serialize(json)}}}}}""");

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}
