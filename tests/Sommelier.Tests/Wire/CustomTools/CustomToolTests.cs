using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Tests.Wire.OpenAIResponses;
using Sommelier.Wire;
using Sommelier.Wire.CustomTools;

namespace Sommelier.Tests.Wire.CustomTools;

/// <summary>Tools that take text as it is, between OpenAI's two formats and to formats that have none.</summary>
public sealed class CustomToolTests
{
    private const string Codex = """
        {"model":"gpt","input":[
          {"role":"user","content":"Patch it."},
          {"type":"custom_tool_call","id":"ctc_1","call_id":"call_1","name":"apply_patch","input":"*** Begin\n+\"x\""},
          {"type":"custom_tool_call_output","call_id":"call_1","output":"Done."}],
         "tools":[{"type":"custom","name":"apply_patch","description":"Patches.","format":{"type":"grammar","syntax":"lark","definition":"start: LINE+"}}],
         "tool_choice":{"type":"custom","name":"apply_patch"}}
        """;

    private static readonly IWireFormat Chat = WireFormats.Get("openai-chat");

    [Fact]
    public void Chat_gets_the_tool_its_call_and_its_result_as_its_own()
    {
        var (body, warnings) = ResponsesWire.Write(ResponsesWire.Read(Codex), WireQuirks.Default, Chat);

        Assert.Equal("", warnings);
        var sent = JsonNode.Parse(body)!;
        Same("""[{"type":"custom","custom":{"name":"apply_patch","description":"Patches.","format":{"type":"grammar","grammar":{"definition":"start: LINE+","syntax":"lark"}}}}]""", sent["tools"]);
        Same("""[{"id":"call_1","type":"custom","custom":{"name":"apply_patch","input":"*** Begin\n+\"x\""}}]""", sent["messages"]![1]!["tool_calls"]);
        Same("""{"role":"tool","tool_call_id":"call_1","content":"Done."}""", sent["messages"]![2]);
        Same("""{"type":"custom","custom":{"name":"apply_patch"}}""", sent["tool_choice"]);
    }

    [Fact]
    public void And_back()
    {
        var chat = Chat.Requests.Read(ResponsesWire.Utf8(ResponsesWire.Write(ResponsesWire.Read(Codex), WireQuirks.Default, Chat).Body));

        var (body, warnings) = ResponsesWire.Write(chat, WireQuirks.Default);

        Assert.Equal("", warnings);
        var sent = JsonNode.Parse(body)!;
        var asked = JsonNode.Parse(Codex)!;
        Same(asked["tools"]!.ToJsonString(), sent["tools"]);
        Same(asked["tool_choice"]!.ToJsonString(), sent["tool_choice"]);
        Same("""{"type":"custom_tool_call","call_id":"call_1","name":"apply_patch","input":"*** Begin\n+\"x\""}""", sent["input"]![1]);
        Same("""{"type":"custom_tool_call_output","call_id":"call_1","output":"Done."}""", sent["input"]![2]);
    }

    [Theory]
    [InlineData("anthropic-messages")]
    [InlineData("gemini")]
    [InlineData("bedrock-converse")]
    [InlineData("ollama")]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    public void Others_get_a_function_that_takes_the_text(string format)
    {
        var quirks = WireQuirks.Default with { CustomTools = false };
        var (body, warnings) = ResponsesWire.Write(ResponsesWire.Read(Codex) with { ToolChoice = null }, quirks, WireFormats.Get(format));

        Assert.Contains("emulated tools[0]", warnings, StringComparison.Ordinal);
        Assert.Contains("dropped tools[0].format", warnings, StringComparison.Ordinal);
        Assert.Contains("start: LINE+", body, StringComparison.Ordinal);
        Assert.DoesNotContain("custom", body, StringComparison.Ordinal);
        var read = WireFormats.Get(format).Requests.Read(ResponsesWire.Utf8(body), new CallPath("m1"));
        Assert.Equal("string", (string?)JsonNode.Parse(read.Tools.Single().ParametersSchema!)!["properties"]!["input"]!["type"]);
        var call = read.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().Single();
        Assert.Equal("*** Begin\n+\"x\"", (string?)JsonNode.Parse(call.Arguments)!["input"]);
    }

    [Theory]
    [InlineData("openai-chat", true, true)]
    [InlineData("openai-chat", false, false)]
    [InlineData("openai-responses", true, true)]
    [InlineData("openai-responses", false, false)]
    public void A_target_without_them_gets_no_request_as_it_came(string format, bool knows, bool forwards)
    {
        var wire = WireFormats.Get(format);
        var body = ResponsesWire.Utf8(format == "openai-responses"
            ? Codex
            : """{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"custom":{"name":"c"},"type":"custom"}]}""");
        var outline = wire.Requests.Outline(body);

        Assert.True(outline.CustomTools);
        Assert.Equal(forwards, wire.Requests.CanForward(outline, new WireTarget { Model = "m", Quirks = WireQuirks.Default with { CustomTools = knows } }));
    }

    [Fact]
    public void A_function_of_that_name_is_no_custom_tool() => Assert.False(Chat.Requests.Outline(ResponsesWire.Utf8(
        """{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"custom","parameters":{"type":"custom"}}}]}""")).CustomTools);

    [Theory]
    [InlineData("""{"input":"plain"}""", "plain")]
    [InlineData("""{ "input" : "a\"b\\c\nd\u00e9\ud83d\ude42" }""", "a\"b\\c\ndé🙂")]
    [InlineData("""{"input":"x","more":{"input":"no"}}""", "x")]
    [InlineData("""{"other":1,"input":"late"}""", "late")]
    [InlineData("""{"patch":"x"}""", """{"patch":"x"}""")]
    [InlineData("\"bare \\\"text\\\"\"", "bare \"text\"")]
    [InlineData("{ }", "")]
    [InlineData("no JSON", "no JSON")]
    [InlineData("""{"input":"cut sho""", "cut sho")]
    [InlineData("", "")]
    public void Text_is_read_out_of_arguments_however_they_are_cut(string arguments, string text)
    {
        for (var size = 1; size <= arguments.Length + 1; size++)
        {
            var unwrapper = new InputUnwrapper();
            var said = string.Concat(arguments.Chunk(size).Select(piece => unwrapper.Add(new string(piece)))) + unwrapper.End();
            Assert.Equal(text, said);
        }
    }

    [Theory]
    [InlineData("a \"quoted\" \\ line\n\t🙂 end")]
    [InlineData("")]
    [InlineData("🙂🙂")]
    public void Text_is_wrapped_into_arguments_however_it_is_cut(string text)
    {
        for (var size = 1; size <= text.Length + 1; size++)
        {
            var wrapper = new InputWrapper();
            var arguments = string.Concat(text.Chunk(size).Select(piece => wrapper.Add(new string(piece)))) + wrapper.End() + wrapper.End();
            Assert.Equal(text, CustomTool.Unwrap(arguments));
            Assert.Equal(CustomTool.Wrap(text), arguments);
        }
    }

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual?.ToJsonString());
}
