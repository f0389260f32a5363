using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.OpenAIChat;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Tests.Wire.OpenAIResponses;

/// <summary>Tools that only this format knows, on their way to other formats and back.</summary>
public sealed class ResponsesPlainToolsTests
{
    private const string Body = """
        {"model":"m","input":[
          {"type":"additional_tools","id":"at_1","role":"developer","tools":[
            {"type":"namespace","name":"functions","description":"","tools":[
              {"type":"custom","name":"exec","description":"Runs code.","format":{"type":"grammar","syntax":"lark","definition":"start: /a+/"}},
              {"type":"function","name":"wait","description":"Waits.","strict":false,"parameters":{"type":"object","properties":{"s":{"type":"number"}}}}]},
            {"type":"namespace","name":"agents","description":"Other agents.","tools":[{"type":"function","name":"wait","description":"Waits for one.","parameters":{"type":"object"}}]}]},
          {"type":"message","role":"user","content":"Go."},
          {"type":"custom_tool_call","id":"ctc_1","status":"completed","call_id":"c1","name":"exec","namespace":"functions","input":"say \"ho\"\n"},
          {"type":"function_call","id":"fc_1","call_id":"c2","name":"wait","namespace":"agents","arguments":"{\"n\":1}"},
          {"type":"custom_tool_call_output","call_id":"c1","output":"first"},
          {"type":"function_call_output","call_id":"c2","output":"done"},
          {"type":"custom_tool_call_output","call_id":"c1","output":[{"type":"input_text","text":"second"}]}],
         "tools":[{"type":"function","name":"plain","parameters":{"type":"object"}},{"type":"custom","name":"patch","format":{"type":"text"}},{"type":"web_search"}]}
        """;

    [Fact]
    public void They_are_offered_as_functions()
    {
        var (body, warnings) = ResponsesWire.Write(ResponsesWire.Read(Body), WireQuirks.Default with { CustomTools = false }, OpenAIChatFormat.Instance);
        var tools = JsonNode.Parse(body)!["tools"]!.AsArray().Select(tool => tool!["function"]!).ToList();

        Assert.Equal(["plain", "patch", "functions__exec", "functions__wait", "agents__wait"], tools.Select(tool => (string?)tool["name"]));
        Assert.Equal(["input"], tools[2]["parameters"]!["required"]!.AsArray().Select(name => (string?)name));
        Assert.Equal("Runs code.", (string?)tools[2]["description"]);
        Assert.EndsWith("grammar (lark):\nstart: /a+/", (string?)tools[2]["parameters"]!["properties"]!["input"]!["description"], StringComparison.Ordinal);
        Assert.Equal("Other agents.\n\nWaits for one.", (string?)tools[4]["description"]);
        Assert.Equal("number", (string?)tools[3]["parameters"]!["properties"]!["s"]!["type"]);

        // The grammar is told but not enforced; a search that OpenAI runs has no place elsewhere.
        Assert.Equal("emulated tools[1], dropped tools[2], emulated input[0].tools[0].tools[0], dropped input[0].tools[0].tools[0].format", warnings);
    }

    [Fact]
    public void Those_that_take_text_stay_so_where_the_target_knows_such()
    {
        var (body, _) = ResponsesWire.Write(ResponsesWire.Read(Body), WireQuirks.Default, OpenAIChatFormat.Instance);
        var sent = JsonNode.Parse(body)!;

        Assert.Equal(["patch", "functions__exec"], sent["tools"]!.AsArray().Select(tool => (string?)tool!["custom"]?["name"]).OfType<string>());
        var calls = sent["messages"]!.AsArray().Single(message => (string?)message!["role"] == "assistant")!["tool_calls"]!.AsArray();
        Assert.Equal(("functions__exec", "say \"ho\"\n"), ((string?)calls[0]!["custom"]!["name"], (string?)calls[0]!["custom"]!["input"]));
        Assert.Equal("agents__wait", (string?)calls[1]!["function"]!["name"]);
    }

    [Fact]
    public void Earlier_calls_are_calls_of_those_functions_and_each_has_one_result()
    {
        var (body, _) = ResponsesWire.Write(ResponsesWire.Read(Body), WireQuirks.Default, AnthropicMessagesFormat.Instance);
        var messages = JsonNode.Parse(body)!["messages"]!.AsArray();

        Assert.Equal(3, messages.Count);
        var calls = messages[1]!["content"]!.AsArray();
        Assert.Equal(["functions__exec", "agents__wait"], calls.Select(call => (string?)call!["name"]));
        Assert.Equal("say \"ho\"\n", (string?)calls[0]!["input"]!["input"]);
        var results = messages[2]!["content"]!.AsArray();
        Assert.Equal(["c1", "c2"], results.Select(result => (string?)result!["tool_use_id"]));
        Assert.Contains("first", results[0]!["content"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("second", results[0]!["content"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_come_back_under_the_names_and_in_the_form_that_the_caller_gave()
    {
        var context = ResponsesWire.Reply with { FindTool = ResponsesWire.Read(Body).FindTool };
        ToolCallPart[] calls =
        [
            new("c1", "functions__exec", """{"input":"a\u0041\n"}"""), new("c2", "agents__wait", "{\"n\":1}"), new("c3", "plain", "{}"), new("c4", "patch", "not JSON"), new("c5", "patch", "{}"),
        ];
        ChatDelta[] steps =
        [
            new StartDelta("resp_1", "m"),
            .. calls.SelectMany((call, at) => new ChatDelta[] { new ToolCallStartDelta(at, call.Id, call.Name), new ToolCallArgumentsDelta(at, call.Arguments[..1]), new ToolCallArgumentsDelta(at, call.Arguments[1..]), new PartEndDelta(at) }),
            new FinishDelta(new FinishReason(FinishReasonKind.ToolCalls)), new EndDelta(),
        ];

        var whole = JsonNode.Parse(ResponsesWire.Answer(new ChatResponse { Id = "resp_1", ResponseModel = "m", Parts = calls, FinishReason = new FinishReason(FinishReasonKind.ToolCalls) }, context))!["output"]!.AsArray();
        var events = ResponsesWire.Encode(steps, context).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(text => JsonNode.Parse(text[(text.IndexOf("data: ", StringComparison.Ordinal) + 6)..])!).ToList();
        var streamed = events[^1]["response"]!["output"]!.AsArray();

        Assert.True(JsonNode.DeepEquals(whole, streamed), streamed.ToJsonString());
        Assert.Equal(["custom_tool_call", "function_call", "function_call", "custom_tool_call", "custom_tool_call"], whole.Select(item => (string?)item!["type"]));
        Assert.Equal(["exec", "wait", "plain", "patch", "patch"], whole.Select(item => (string?)item!["name"]));
        Assert.Equal(["functions", "agents", null, null, null], whole.Select(item => (string?)item!["namespace"]));
        Assert.Equal("aA\n", (string?)whole[0]!["input"]);
        Assert.Equal("not JSON", (string?)whole[3]!["input"]);
        Assert.Equal("", (string?)whole[4]!["input"]);
        Assert.Equal("""{"n":1}""", (string?)whole[1]!["arguments"]);
        Assert.Equal("aA\nnot JSON", string.Concat(events.Where(step => (string?)step["type"] == "response.custom_tool_call_input.delta").Select(step => (string?)step["delta"])));
        Assert.Equal(["aA\n", "not JSON", ""], events.Where(step => (string?)step["type"] == "response.custom_tool_call_input.done").Select(step => (string?)step["input"]));
        Assert.Equal(4, events.Count(step => (string?)step["type"] == "response.function_call_arguments.delta"));
    }

    [Theory]
    [InlineData("""{"type":"custom","name":"exec"}""", "functions__exec")]
    [InlineData("""{"type":"function","name":"plain"}""", "plain")]
    [InlineData("""{"type":"function","name":"wait"}""", "wait")]
    public void A_choice_names_the_function_where_only_one_can_be_meant(string choice, string name)
    {
        var node = JsonNode.Parse(Body)!;
        node["tool_choice"] = JsonNode.Parse(choice);

        Assert.Equal(new ToolChoice(ToolChoiceMode.Named, name), ResponsesWire.Read(node.ToJsonString()).ToolChoice);

        node["tool_choice"] = JsonNode.Parse($$"""{"type":"allowed_tools","mode":"auto","tools":[{{choice}}]}""");
        Assert.Equal([name], ResponsesWire.Read(node.ToJsonString()).ToolChoice!.Allowed!);
    }

    [Fact]
    public void Tools_that_an_item_adds_count_for_routing()
    {
        var outline = ResponsesWire.Outline(Body);
        Assert.Equal(5, outline.ToolCount);
        Assert.True(outline.ToolsUsed);
        Assert.True(outline.CustomTools);

        // What a server of the vendor's offered is not on offer by the caller.
        Assert.Equal(0, ResponsesWire.Outline("""{"model":"m","input":[{"tools":[{"name":"a"}],"type":"mcp_list_tools"},{"role":"user","content":"x"}]}""").ToolCount);
    }

    [Theory]
    [InlineData("""{"type":"namespace","name":"n","tools":[{"type":"function","name":"f"}]}""", "", "n__f")]
    [InlineData("", """{"type":"additional_tools","tools":[{"type":"function","name":"f"}]},""", "f")]
    public void A_target_that_knows_functions_alone_gets_no_such_request_as_it_came(string tool, string item, string name)
    {
        var body = $$"""{"model":"m","input":[{{item}}{"role":"user","content":"x"}],"tools":[{{tool}}]}""";
        var outline = ResponsesWire.Outline(body);
        bool Forwards(bool knows) => ResponsesWire.Format.Requests.CanForward(outline, new WireTarget { Model = "m", Quirks = WireQuirks.Default with { CustomTools = knows } });

        var (written, warnings) = ResponsesWire.Write(ResponsesWire.Read(body), WireQuirks.Default with { CustomTools = false });

        var sent = JsonNode.Parse(written)!;
        Assert.Equal((true, false), (Forwards(true), Forwards(false)));
        Assert.Equal(("function", name, ""), ((string?)sent["tools"]![0]!["type"], (string?)sent["tools"]![0]!["name"], warnings));
        Assert.Single(sent["input"]!.AsArray());
    }

    [Fact]
    public void Names_stay_short_enough_for_every_vendor_and_apart()
    {
        var first = ResponsesPlainTools.Name(new string('g', 40), new string('n', 40));
        var second = ResponsesPlainTools.Name(new string('g', 40), new string('n', 39) + "m");
        Assert.Equal((64, 64), (first.Length, second.Length));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void For_its_own_vendor_nothing_is_changed()
    {
        var (body, warnings) = ResponsesWire.Forward(Body, WireQuirks.Default with { ToolCallIdLength = 9 });
        var (expected, actual) = (JsonNode.Parse(Body)!, JsonNode.Parse(body)!);

        // Text is what a tool takes that says nothing else.
        ((JsonObject)expected["tools"]![1]!).Remove("format");
        Assert.Equal("", warnings);
        Assert.True(JsonNode.DeepEquals(expected["tools"], actual["tools"]), body);
        Assert.Contains(actual["input"]!.AsArray(), item => JsonNode.DeepEquals(item, expected["input"]![0]));
        Assert.Contains(actual["input"]!.AsArray(), item => JsonNode.DeepEquals(item, expected["input"]![2]));
    }
}
