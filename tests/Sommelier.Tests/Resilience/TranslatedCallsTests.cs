using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Tool calls on their way through a translation: under names that the target takes, with ids that no other answer has, in the older words where the caller used them.</summary>
public sealed class TranslatedCallsTests
{
    private const string TwoTools = """ "tools":[{"type":"function","function":{"name":"TOOL"}},{"type":"function","function":{"name":"look"}}]""";
    private const string TwoFunctions = """ "functions":[{"name":"look"},{"name":"find"}]""";

    private const string GeminiCalls = """
        {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"NAME","args":{"at":1}}},{"functionCall":{"name":"look","args":{}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}
        """;

    private const string AnthropicCalls = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude","stop_reason":"tool_use","content":[{"type":"text","text":"So:"},{"type":"tool_use","id":"toolu_1","name":"look","input":{"at":1}},{"type":"tool_use","id":"toolu_2","name":"find","input":{"it":2}}],"usage":{"input_tokens":10,"output_tokens":5}}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ids_that_the_gateway_makes_up_are_unlike_those_of_other_answers_and_stay_the_same_in_one(bool streamed)
    {
        var first = await CallsAsync("openai-chat", streamed, "reply-1");
        var again = await CallsAsync("openai-chat", streamed, "reply-1");
        var other = await CallsAsync("openai-chat", streamed, "reply-2");

        var ids = first.Select(call => call.Id).Concat(other.Select(call => call.Id)).ToList();
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(first, again);
        Assert.All(ids, id => Assert.Matches("^call_[A-Za-z0-9]{24}$", id));
    }

    private static async Task<List<(string Id, string Name)>> CallsAsync(string dialect, bool streamed, string answer)
    {
        await using var rig = new AttemptRig();
        Gemini(rig, "look", streamed);
        var reply = await rig.ReceiveAsync(Call(dialect, Body(streamed, TwoTools.Replace("TOOL", "find", StringComparison.Ordinal)), answer));
        return Calls(reply.Text, streamed);
    }

    [Theory]
    [InlineData("ns.f", "gemini", "ns.f")]
    [InlineData("7days", "gemini", "_7days")]
    [InlineData("a.b/c", "gemini", "a.b_c")]
    [InlineData("größe", "gemini", "gr__e")]
    [InlineData("ns.f", "anthropic", "ns_f")]
    [InlineData("look!", "anthropic", "look_")]
    public async Task A_name_that_the_target_refuses_is_sent_as_one_that_it_takes_and_comes_back_as_it_was(string own, string provider, string sent)
    {
        foreach (var streamed in (bool[])[false, true])
        {
            await using var rig = new AttemptRig();
            var server = provider == "gemini" ? Gemini(rig, sent, streamed) : Anthropic(rig, AnthropicCalls.Replace("\"look\"", $"\"{sent}\"", StringComparison.Ordinal), streamed);
            var history = $$$"""{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"{{{own}}}","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"ok"}""";
            var result = await rig.RunAsync(Call("openai-chat", Body(
                streamed, TwoTools.Replace("TOOL", own, StringComparison.Ordinal) + $$$""","tool_choice":{"type":"function","function":{"name":"{{{own}}}"}}""", history)));
            var warnings = result.Answer!.Warnings;
            var reply = await AttemptRig.ReadAsync(result.Answer);

            var body = JsonNode.Parse(server.Requests[0].Body)!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            Assert.Equal(provider == "gemini" ? 4 : 3, body.Split($"\"{sent}\"").Length - 1);
            Assert.Equal(own, Calls(reply.Text, streamed)[0].Name);
            Assert.Equal(own != sent, warnings.Any(warning => warning is { Code: "emulated", Field: "tools[0].function.name" }));
        }
    }

    [Theory]
    [InlineData("toolu_1", "toolu_1", null)]
    [InlineData("toolu_1", "toolu_2", "toolu_1")]
    public async Task An_id_that_the_vendor_gave_before_is_another_for_the_caller(string first, string second, string? earlier)
    {
        foreach (var streamed in (bool[])[false, true])
        {
            await using var rig = new AttemptRig();
            Anthropic(rig, AnthropicCalls.Replace("toolu_2", "SECOND", StringComparison.Ordinal).Replace("toolu_1", first, StringComparison.Ordinal).Replace("SECOND", second, StringComparison.Ordinal), streamed);
            var history = earlier is null ? null : $$$"""{"role":"assistant","content":null,"tool_calls":[{"id":"{{{earlier}}}","type":"function","function":{"name":"look","arguments":"{}"}}]},{"role":"tool","tool_call_id":"{{{earlier}}}","content":"ok"}""";

            var reply = await rig.ReceiveAsync(Call("openai-chat", Body(streamed, TwoTools.Replace("TOOL", "find", StringComparison.Ordinal), history)));

            var calls = Calls(reply.Text, streamed);
            Assert.Equal(["look", "find"], calls.Select(call => call.Name));
            Assert.Equal(earlier is null ? first : second, calls[earlier is null ? 0 : 1].Id);
            Assert.Matches("^call_[A-Za-z0-9]{24}$", calls[earlier is null ? 1 : 0].Id);
        }
    }

    [Fact]
    public void Names_that_become_the_same_or_are_too_long_are_told_apart()
    {
        var rule = new ToolNameRule(24);
        var longest = new string('x', 40);
        string[] names = ["a_b", "a.b", "a/b", longest, longest + "y"];
        var request = new ChatRequest
        {
            OriginalModel = "m",
            Format = "openai-chat",
            Messages = [new(Role.Assistant, [new ToolCallPart("1", "a/b", "{}")])],
            Tools = [.. names.Select(name => new ToolDefinition(name, null, null))],
            ToolChoice = new(ToolChoiceMode.Auto, null, ["a.b"]),
        };

        var renamed = RenamedTools.Of(request, rule)!;
        var put = renamed.Put(request, []);

        var sent = put.Tools.Select(tool => tool.Name).ToList();
        Assert.Equal(names.Length, sent.Distinct().Count());
        Assert.Equal("a_b", sent[0]);
        Assert.All(sent, name => Assert.True(rule.Allows(name), name));
        Assert.Equal(names, sent.Select(renamed.Own));
        Assert.Equal(sent[2], ((ToolCallPart)put.Messages[0].Parts[0]).Name);
        Assert.Equal(sent[1], Assert.Single(put.ToolChoice!.Allowed!));
        Assert.Equal(sent, RenamedTools.Of(request, rule)!.Put(request, []).Tools.Select(tool => tool.Name));
        Assert.Null(RenamedTools.Of(request with { Tools = [], Messages = [] }, rule));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, """, "tools":null""")]
    [InlineData(true, """, "tools":[ ]""")]
    public async Task Who_offers_functions_gets_a_function_call_and_is_told_of_a_second(bool streamed, string beside)
    {
        await using var rig = new AttemptRig();
        Anthropic(rig, AnthropicCalls, streamed);

        var result = await rig.RunAsync(Call("openai-chat", Body(streamed, TwoFunctions + beside)));
        var answer = result.Answer!;
        var reply = await AttemptRig.ReadAsync(answer);

        var choices = Choices(reply.Text, streamed);
        var pieces = choices.Select(choice => choice[streamed ? "delta" : "message"]!).ToList();
        Assert.All(pieces, piece => Assert.Null(piece["tool_calls"]));
        Assert.Equal("So:", string.Concat(pieces.Select(piece => (string?)piece["content"])));
        Assert.Equal("look", Assert.Single(pieces, piece => piece["function_call"]?["name"] is not null)["function_call"]!["name"]!.GetValue<string>());
        Assert.Equal("""{"at":1}""", string.Concat(pieces.Select(piece => (string?)piece["function_call"]?["arguments"])).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("function_call", (string?)choices[^1]["finish_reason"]);
        Assert.Contains("'find'", Assert.Single(answer.Warnings.Concat(answer.LateWarnings), warning => warning.Code == "dropped").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_offers_tools_gets_tool_calls()
    {
        await using var rig = new AttemptRig();
        Anthropic(rig, AnthropicCalls, streamed: false);

        var reply = await rig.ReceiveAsync(Call("openai-chat", Body(streamed: false, TwoTools.Replace("TOOL", "find", StringComparison.Ordinal))));

        Assert.Equal([("toolu_1", "look"), ("toolu_2", "find")], Calls(reply.Text, streamed: false));
        Assert.Equal("tool_calls", (string?)Choices(reply.Text, streamed: false)[0]["finish_reason"]);
    }

    [Theory]
    [InlineData("gemini")]
    [InlineData("openai")]
    [InlineData("anthropic")]
    [InlineData("bedrock")]
    public async Task A_call_demanded_of_tools_that_the_target_has_not_is_told_as_dropped_and_not_repeated(string provider)
    {
        await using var rig = new AttemptRig();
        var server = provider switch
        {
            "gemini" => Gemini(rig, "look", streamed: false),
            "openai" => rig.Serve(new Sommelier.Providers.OpenAI(), Deployment("gpt-x") with { WireFormat = "openai-chat" }, FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody)),
            "anthropic" => Anthropic(rig, AnthropicCalls, streamed: false),
            _ => rig.Serve(new Sommelier.Providers.Bedrock(), Deployment("nova"), FaultReply.Json("""{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn"}""")),
        };

        var result = await rig.RunAsync(Call(
            "openai-responses", """{"model":"auto","input":"Look.","tools":[{"type":"file_search","vector_store_ids":["v"]}],"tool_choice":"required"}"""));
        Assert.True(result.Answer is not null, result.Error?.Message);
        var warnings = result.Answer.Warnings;
        var reply = await AttemptRig.ReadAsync(result.Answer);

        Assert.DoesNotContain("hoice", Assert.Single(server.Requests).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("functionCallingConfig", server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Single(warnings, warning => warning is { Code: "dropped", Field: "tool_choice" });
        Assert.Equal("auto", (string?)JsonNode.Parse(reply.Text)!["tool_choice"]);
    }

    private static FaultServer Gemini(AttemptRig rig, string name, bool streamed)
    {
        var body = GeminiCalls.Trim().Replace("NAME", name, StringComparison.Ordinal);
        return rig.Serve(new Sommelier.Providers.Gemini(), Deployment("gemini-x"), streamed ? FaultReply.Events([$"data: {body}\n\n"]) : FaultReply.Json(body));
    }

    private static FaultServer Anthropic(AttemptRig rig, string whole, bool streamed)
    {
        if (!streamed)
        {
            return rig.Serve(new Sommelier.Providers.Anthropic(), Deployment("claude-x"), FaultReply.Json(whole));
        }

        var encoder = WireFormats.Get("anthropic-messages").Streams.CreateEncoder(new() { FallbackId = "v", Model = "claude", Created = DateTimeOffset.UnixEpoch });
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        foreach (var step in ResponseSteps.Of(WireFormats.Get("anthropic-messages").Responses.Read(Encoding.UTF8.GetBytes(whole), WireQuirks.Default)))
        {
            encoder.Write(step, output);
        }

        return rig.Serve(new Sommelier.Providers.Anthropic(), Deployment("claude-x"), FaultReply.Events([Encoding.UTF8.GetString(output.WrittenSpan)]));
    }

    private static Deployment Deployment(string model) =>
        new() { Id = $"p/{model}", Provider = "p", Model = model, CanonicalModel = model, MaxOutputTokens = 4096, Sources = ["test"], Capabilities = Capabilities.Tools | Capabilities.Streaming };

    private static string Body(bool streamed, string more, string? history = null) =>
        $$"""{"model":"auto","max_tokens":50,"stream":{{(streamed ? "true" : "false")}},{{more}},"messages":[{"role":"user","content":"Look."}{{(history is null ? "" : "," + history)}}]}""";

    private static InboundCall Call(string dialect, string body, string answer = "reply-1")
    {
        var wire = WireFormats.Get(dialect);
        var bytes = Encoding.UTF8.GetBytes(body);
        var outline = wire.Requests.Outline(bytes);
        return new()
        {
            Format = wire,
            Body = bytes,
            Outline = outline,
            Reply = new() { FallbackId = answer, Model = "auto", Created = DateTimeOffset.UnixEpoch, Request = bytes, Outline = outline },
        };
    }

    private static List<JsonNode> Choices(string text, bool streamed) => streamed
        ? [.. text.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).SelectMany(line => JsonNode.Parse(line[6..])!["choices"]!.AsArray()).Select(choice => choice!)]
        : [.. JsonNode.Parse(text)!["choices"]!.AsArray().Select(choice => choice!)];

    private static List<(string Id, string Name)> Calls(string text, bool streamed) =>
    [
        .. Choices(text, streamed).Select(choice => choice[streamed ? "delta" : "message"]!["tool_calls"]).OfType<JsonArray>().SelectMany(list => list)
            .Where(call => call!["id"] is not null).Select(call => ((string)call!["id"]!, (string)call["function"]!["name"]!)),
    ];
}
