using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Tests.Wire.OpenAIResponses;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.Pairs;

public sealed class ResponsesPairTests
{
    private static readonly IWireFormat Chat = OpenAIChatFormat.Instance;
    private static readonly IWireFormat Anthropic = AnthropicMessagesFormat.Instance;

    private const string Conversation = """
        {"model":"m1","messages":[
          {"role":"system","content":"Be brief."},
          {"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]},
          {"role":"assistant","content":"Wait.","tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"call_a","content":"one"},
          {"role":"tool","tool_call_id":"call_b","content":"two"},
          {"role":"user","content":"So?"}],
         "max_completion_tokens":900,"temperature":0.5,
         "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"x":{"type":"integer"}}},"strict":true}}],
         "tool_choice":"required","parallel_tool_calls":false,
         "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},
         "reasoning_effort":"low","user":"u-1"}
        """;

    [Fact]
    public void A_chat_conversation_survives_the_way_there_and_back()
    {
        var (there, lost) = ResponsesWire.Write(Chat.Requests.Read(Encoding.UTF8.GetBytes(Conversation)));
        Assert.Equal("", lost);
        var request = ResponsesWire.Read(there);
        var (back, told) = ResponsesWire.Write(request, format: Chat, quirks: WireQuirks.Default);

        // How closely an image is looked at is a field of each format's own.
        Assert.Equal("dropped input[0].content[1].detail", told);
        var expected = JsonNode.Parse(Conversation)!;
        expected["messages"]![1]!["content"]![1]!["image_url"]!.AsObject().Remove("detail");
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(back)), back);
        Assert.Equal("low", (string?)JsonNode.Parse(there)!["input"]![0]!["content"]![1]!["detail"]);
    }

    [Fact]
    public void An_Anthropic_conversation_reads_as_responses_write_it()
    {
        const string Body = """
            {"model":"claude","max_tokens":900,"system":"S","messages":[
              {"role":"user","content":"x"},
              {"role":"assistant","content":[{"type":"text","text":"y"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"r"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},{"type":"text","text":"z"}]}],
             "tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}]}
            """;
        var (written, warnings) = ResponsesWire.Write(Anthropic.Requests.Read(Encoding.UTF8.GetBytes(Body)));
        Assert.Equal("", warnings);
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""
                    {"model":"m1","instructions":"S","input":[
                      {"type":"message","role":"user","content":"x"},
                      {"type":"message","role":"assistant","content":[{"type":"output_text","text":"y"}]},
                      {"type":"function_call","call_id":"toolu_1","name":"f","arguments":"{\"a\":1}"},
                      {"type":"function_call_output","call_id":"toolu_1","output":[{"type":"input_text","text":"r"},{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]},
                      {"type":"message","role":"user","content":"z"}],
                     "max_output_tokens":900,"tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{}},"strict":false}],
                     "store":false,"include":["reasoning.encrypted_content"]}
                    """),
                JsonNode.Parse(written)),
            written);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    public void A_stream_says_the_same_in_every_dialect(string dialect)
    {
        var format = WireFormats.Get(dialect);
        List<ChatDelta> deltas =
        [
            new StartDelta("resp_1", "m"),
            new ReasoningDelta(0, "Hm."),
            new TextDelta(1, "Hel"),
            new TextDelta(1, "lo"),
            new ToolCallStartDelta(2, "call_1", "f"),
            new ToolCallArgumentsDelta(2, "{\"x\":"),
            new ToolCallArgumentsDelta(2, "1}"),
            new ToolCallStartDelta(3, "call_2", "g"),
            new ToolCallArgumentsDelta(3, "{}"),
            new UsageDelta(new Usage { InputTokens = 3, OutputTokens = 2 }),
            new FinishDelta(new FinishReason(FinishReasonKind.ToolCalls)),
            EndDelta.Instance,
        ];
        var there = Transcode(format, deltas);
        var written = ResponsesWire.Encode(there);
        Assert.Equal([], ResponsesGrammar.Faults(written));
        var said = Said.Of(ResponsesWire.Decode(Encoding.UTF8.GetBytes(written)));
        Assert.Equal(
            ("Hello", "Hm.", "call_1 f {\"x\":1}|call_2 g {}", FinishReasonKind.ToolCalls, 3L, 2L),
            (said.Text, said.Thinking, said.Calls, said.Finish, said.Usage?.InputTokens, said.Usage?.OutputTokens));
    }

    private static List<ChatDelta> Transcode(IWireFormat format, List<ChatDelta> deltas)
    {
        var encoder = format.Streams.CreateEncoder(ResponsesWire.Reply);
        var output = new ArrayBufferWriter<byte>();
        foreach (var delta in deltas)
        {
            encoder.Write(delta, output);
        }

        using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
        var read = new List<ChatDelta>();
        decoder.Decode(output.WrittenSpan, read);
        decoder.Complete(read);
        Assert.True(decoder.Ended);
        return read;
    }
}
