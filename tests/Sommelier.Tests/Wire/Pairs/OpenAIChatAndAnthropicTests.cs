using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.Pairs;

public sealed class OpenAIChatAndAnthropicTests
{
    private static readonly IWireFormat OpenAI = OpenAIChatFormat.Instance;
    private static readonly IWireFormat Anthropic = AnthropicMessagesFormat.Instance;

    private static readonly WireTarget ToAnthropic = new()
    {
        Model = "claude",
        Quirks = new WireQuirks { MaxTemperature = 1, Reasoning = ReasoningKnob.OutputEffort },
        MaxOutputTokens = 5_000,
    };

    private static readonly WireTarget ToOpenAI = new() { Model = "gpt", Quirks = WireQuirks.Default };

    private static readonly ReplyContext Context = new() { FallbackId = "f", Model = "m", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    private const string Conversation = """
        {"model":"gpt","max_completion_tokens":900,"messages":[
          {"role":"system","content":"Be brief."},
          {"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]},
          {"role":"assistant","content":"Wait.","tool_calls":[{"id":"call_a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"call_b","type":"function","function":{"name":"g","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"call_a","content":"one"},
          {"role":"tool","tool_call_id":"call_b","content":"two"},
          {"role":"user","content":"So?"}],
         "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"x":{"type":"integer"}}}}},{"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}],
         "tool_choice":"required","parallel_tool_calls":false,"stop":["END"],"temperature":0.5,"user":"u-1"}
        """;

    [Fact]
    public void An_OpenAI_conversation_reads_as_Anthropic_writes_it()
    {
        var warnings = new List<Warning>();
        var written = Write(Anthropic, OpenAI.Requests.Read(Utf8(Conversation)), ToAnthropic, warnings);

        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""
                    {"model":"claude","max_tokens":900,"system":"Be brief.","messages":[
                      {"role":"user","content":[{"type":"text","text":"Look:"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]},
                      {"role":"assistant","content":[{"type":"text","text":"Wait."},{"type":"tool_use","id":"call_a","name":"f","input":{"x":1}},{"type":"tool_use","id":"call_b","name":"g","input":{}}]},
                      {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_a","content":"one"},{"type":"tool_result","tool_use_id":"call_b","content":"two"},{"type":"text","text":"So?"}]}],
                     "tools":[{"name":"f","description":"d","input_schema":{"type":"object","properties":{"x":{"type":"integer"}}}},{"name":"g","input_schema":{"type":"object","properties":{}}}],
                     "tool_choice":{"type":"any","disable_parallel_tool_use":true},"temperature":0.5,"stop_sequences":["END"],"metadata":{"user_id":"u-1"}}
                    """),
                JsonNode.Parse(written)),
            written);
        Assert.Empty(warnings);
    }

    [Fact]
    public void What_both_can_say_survives_the_way_there_and_back()
    {
        var first = OpenAI.Requests.Read(Utf8(Conversation));
        var there = Write(Anthropic, first, ToAnthropic);
        var back = Write(OpenAI, Anthropic.Requests.Read(Utf8(there)), ToOpenAI);
        var again = Write(Anthropic, OpenAI.Requests.Read(Utf8(back)), ToAnthropic);

        Assert.Equal(there, again);
        var second = OpenAI.Requests.Read(Utf8(back));
        Assert.Equal(first.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>(), second.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>());
        Assert.Equal(first.MaxOutputTokens, second.MaxOutputTokens);
        Assert.Equal(first.Sampling.Stop, second.Sampling.Stop);
        Assert.Equal(first.ToolChoice, second.ToolChoice);
        Assert.Equal(first.ParallelToolCalls, second.ParallelToolCalls);
        Assert.Equal(first.EndUser, second.EndUser);
    }

    [Fact]
    public void A_schema_and_an_effort_survive_both_ways()
    {
        const string Body = """
            {"model":"claude","max_tokens":900,"messages":[{"role":"user","content":"x"}],
             "output_config":{"effort":"high","format":{"type":"json_schema","schema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}}},"thinking":{"type":"adaptive"}}
            """;

        var there = Write(OpenAI, Anthropic.Requests.Read(Utf8(Body)), ToOpenAI);
        Assert.Contains("\"reasoning_effort\":\"high\"", there, StringComparison.Ordinal);
        Assert.Contains("\"json_schema\"", there, StringComparison.Ordinal);

        var back = Write(Anthropic, OpenAI.Requests.Read(Utf8(there)), ToAnthropic);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Body), JsonNode.Parse(back)), back);
    }

    [Fact]
    public void An_answer_with_two_calls_survives_both_ways()
    {
        const string Answer = """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"Hm."},
             {"type":"tool_use","id":"a","name":"f","input":{"x":1}},{"type":"tool_use","id":"b","name":"g","input":{}}],
             "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":7}}
            """;
        var first = Anthropic.Responses.Read(Utf8(Answer), WireQuirks.Default);

        var second = OpenAI.Responses.Read(Utf8(Write(OpenAI, first)), WireQuirks.Default);
        var back = Write(Anthropic, second);

        Assert.Equal(first.Usage, second.Usage);
        Assert.Equal(FinishReasonKind.ToolCalls, second.FinishReason.Kind);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Answer), JsonNode.Parse(back)), back);
    }

    [Theory]
    [InlineData("end_turn", "stop", "end_turn")]
    [InlineData("stop_sequence", "stop", "end_turn")]
    [InlineData("max_tokens", "length", "max_tokens")]
    [InlineData("model_context_window_exceeded", "length", "max_tokens")]
    [InlineData("refusal", "content_filter", "refusal")]
    [InlineData("pause_turn", "stop", "end_turn")]
    public void Reasons_for_stopping_find_their_word(string ours, string theirs, string back)
    {
        var answer = Anthropic.Responses.Read(
            Utf8($$"""{"id":"msg_1","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"{{ours}}"}"""), WireQuirks.Default);

        var written = Write(OpenAI, answer);
        Assert.Equal(theirs, (string?)JsonNode.Parse(written)!["choices"]![0]!["finish_reason"]);
        var again = Write(Anthropic, OpenAI.Responses.Read(Utf8(written), WireQuirks.Default));
        Assert.Equal(back, (string?)JsonNode.Parse(again)!["stop_reason"]);
    }

    [Fact]
    public void Every_recorded_stream_of_text_and_calls_survives_both_ways()
    {
        var count = 0;
        foreach (var (name, events) in AnthropicMessages.Recordings.Streams())
        {
            var said = AnthropicMessages.Recordings.Walk(events);
            if (said.Other.Count > 0 || name.StartsWith("spliced", StringComparison.Ordinal))
            {
                continue;
            }

            count++;
            var there = Translate(Anthropic, OpenAI, AnthropicMessages.Wire.Sse(events));
            var back = Translate(OpenAI, Anthropic, there);
            var data = back.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..]);
            var again = AnthropicMessages.Recordings.Walk(data);

            Assert.Equal(said.Text, again.Text);
            Assert.Equal(said.Calls, again.Calls);
            Assert.Equal(said.StopReason, again.StopReason);
            Assert.True(said.Output == again.Output, name);
            Assert.Equal(said.Input, again.Input);
        }

        Assert.True(count >= 20, $"only {count} recordings");
    }

    private static string Translate(IWireFormat from, IWireFormat to, string stream)
    {
        using var decoder = from.Streams.CreateDecoder(WireQuirks.Default);
        var encoder = to.Streams.CreateEncoder(Context);
        var output = new ArrayBufferWriter<byte>();
        var deltas = new List<ChatDelta>();
        decoder.Decode(Utf8(stream), deltas);
        decoder.Complete(deltas);
        Assert.True(decoder.Ended);
        foreach (var delta in deltas)
        {
            encoder.Write(delta, output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Write(IWireFormat format, ChatRequest request, WireTarget target, List<Warning>? warnings = null)
    {
        var output = new ArrayBufferWriter<byte>();
        format.Requests.Write(request, target, output, warnings ?? []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Write(IWireFormat format, ChatResponse response)
    {
        var output = new ArrayBufferWriter<byte>();
        format.Responses.Write(response, Context, output, []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
