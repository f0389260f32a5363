using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream;

public sealed class StepCollectorTests
{
    [Fact]
    public void Collecting_the_steps_of_an_answer_gives_the_answer()
    {
        var answer = new ChatResponse
        {
            Id = "a",
            ResponseModel = "m",
            Parts =
            [
                new ReasoningPart("hm", "seal"),
                new TextPart("Let me look."),
                new ToolCallPart("1", "weather", """{"city":"Seoul"}"""),
                new ToolCallPart("2", "weather", "{}"),
                new RefusalPart("no"),
            ],
            FinishReason = new(FinishReasonKind.ToolCalls, "tool_use"),
            Usage = new Usage { InputTokens = 3, OutputTokens = 4 },
        };
        var collector = new StepCollector();

        foreach (var step in ResponseSteps.Of(answer))
        {
            collector.Add(step);
        }

        var collected = collector.Answer()!;
        Assert.True(collector.Ended);
        Assert.Equal(answer.Parts, collected.Parts);
        Assert.Equal(answer, collected with { Parts = answer.Parts, MoreChoices = answer.MoreChoices });
    }

    [Fact]
    public void What_only_Anthropic_knows_survives_a_stream_and_comes_back_from_one()
    {
        const string Whole = """
            {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[
              {"type":"server_tool_use","id":"srvtoolu_1","name":"web_fetch","input":{"url":"https://a.example"}},
              {"type":"web_fetch_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"web_fetch_result","url":"https://a.example"}},
              {"type":"text","text":"It says so.","citations":[{"type":"char_location","cited_text":"so","document_index":0,"document_title":"d","start_char_index":0,"end_char_index":2}]},
              {"type":"text","text":"And so.","citations":[{"type":"web_search_result_location","cited_text":"so","url":"https://a.example","title":"t","encrypted_index":"x"}]}],
             "stop_reason":"end_turn","stop_sequence":null,"container":{"id":"container_1","expires_at":"2026-11-27T00:00:00Z"},"usage":{"input_tokens":3,"output_tokens":4}}
            """;
        var format = WireFormats.Get("anthropic-messages");
        var answer = format.Responses.Read(Encoding.UTF8.GetBytes(Whole), new WireQuirks());
        var context = new ReplyContext { FallbackId = "msg_1", Model = "m", Created = DateTimeOffset.UnixEpoch };
        var stream = new ArrayBufferWriter<byte>();
        var encoder = format.Streams.CreateEncoder(context);
        foreach (var step in ResponseSteps.Of(answer))
        {
            encoder.Write(step, stream);
        }

        Assert.Empty(encoder.Warnings);
        using var decoder = format.Streams.CreateDecoder(new WireQuirks());
        List<ChatDelta> steps = [];
        decoder.Decode(stream.WrittenSpan, steps);
        decoder.Complete(steps);
        var collector = new StepCollector();
        steps.ForEach(collector.Add);
        var output = new ArrayBufferWriter<byte>();
        List<Warning> warnings = [];
        format.Responses.Write(collector.Answer()!, context, output, warnings);

        Assert.Empty(warnings);
        var (sent, back) = (JsonNode.Parse(Whole)!, JsonNode.Parse(output.WrittenSpan)!);
        Assert.True(JsonNode.DeepEquals(sent["content"], back["content"]), back.ToJsonString());
        Assert.True(JsonNode.DeepEquals(sent["container"], back["container"]), back.ToJsonString());
    }

    /// <summary>Such as who called a tool, which a program of Anthropic's may be.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Members_that_are_not_known_of_blocks_that_are_survive_a_stream(bool whole)
    {
        const string Content = """
            [{"type":"thinking","thinking":"Hm.","signature":"c2VhbA==","depth":2},
             {"type":"text","text":"Look:","mood":{"glad":true}},
             {"type":"tool_use","id":"toolu_1","name":"f","input":{"x":1},"caller":{"type":"code_execution_20250825","tool_id":"srvtoolu_1"}}]
            """;
        const string Events = """
            {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}
            {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":"","depth":2}}
            {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}
            {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2VhbA=="}}
            {"type":"content_block_stop","index":0}
            {"type":"content_block_start","index":1,"content_block":{"type":"text","text":"","citations":null,"mood":{"glad":true},"none":null}}
            {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Look:"}}
            {"type":"content_block_stop","index":1}
            {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"f","input":{},"caller":{"type":"code_execution_20250825","tool_id":"srvtoolu_1"}}}
            {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"x\":1}"}}
            {"type":"content_block_stop","index":2}
            {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":4}}
            {"type":"message_stop"}
            """;
        var format = WireFormats.Get("anthropic-messages");
        var context = new ReplyContext { FallbackId = "msg_1", Model = "m", Created = DateTimeOffset.UnixEpoch };
        var encoder = format.Streams.CreateEncoder(context);
        var stream = new ArrayBufferWriter<byte>();
        var given = whole
            ? ResponseSteps.Of(format.Responses.Read(Encoding.UTF8.GetBytes($$"""{"id":"msg_1","type":"message","role":"assistant","model":"m","content":{{Content}},"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":4} }"""), new WireQuirks()))
            : Steps(format, Encoding.UTF8.GetBytes(string.Concat(Events.Split('\n').Select(line => $"data: {line}\n\n"))));
        foreach (var step in given)
        {
            encoder.Write(step, stream);
        }

        var collector = new StepCollector();
        Steps(format, stream.WrittenSpan.ToArray()).ForEach(collector.Add);
        var output = new ArrayBufferWriter<byte>();
        List<Warning> warnings = [.. encoder.Warnings];
        format.Responses.Write(collector.Answer()!, context, output, warnings);

        Assert.Empty(warnings);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Content), JsonNode.Parse(output.WrittenSpan)!["content"]), Encoding.UTF8.GetString(output.WrittenSpan));
        var others = WireFormats.Get("openai-chat").Streams.CreateEncoder(context);
        Steps(format, stream.WrittenSpan.ToArray()).ForEach(step => others.Write(step, output));
        Assert.Equal(["depth", "mood", "caller"], others.Warnings.Select(warning => warning.Field));
        foreach (var dialect in new[] { "openai-chat", "openai-responses", "gemini", "bedrock-converse", "ollama" })
        {
            List<Warning> told = [];
            WireFormats.Get(dialect).Responses.Write(collector.Answer()!, context, new ArrayBufferWriter<byte>(), told);
            Assert.All(["depth", "mood", "caller"], member => Assert.Contains(told, warning => warning.Field.EndsWith(member, StringComparison.Ordinal)));
        }
    }

    /// <summary>As each answer of the vendor's has them: a caller that is the model, and members that are null.</summary>
    [Theory]
    [InlineData("openai-chat")]
    [InlineData("openai-responses")]
    [InlineData("gemini")]
    [InlineData("bedrock-converse")]
    [InlineData("ollama")]
    [InlineData("anthropic-messages")]
    public void Members_that_say_what_holds_anyway_are_no_loss(string dialect)
    {
        const string Answer = """
            {"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","stop_details":null,"container":null,"usage":{"input_tokens":3,"output_tokens":4},
             "content":[{"type":"text","text":"Look:","citations":null},{"type":"tool_use","id":"toolu_1","name":"f","input":{"x":1},"caller":{"type": "direct"}}]}
            """;
        var format = WireFormats.Get("anthropic-messages");
        var own = WireFormats.Get(dialect);
        var context = new ReplyContext { FallbackId = "msg_1", Model = "m", Created = DateTimeOffset.UnixEpoch };
        var answer = format.Responses.Read(Encoding.UTF8.GetBytes(Answer), new WireQuirks());
        var written = new ArrayBufferWriter<byte>();
        List<Warning> warnings = [];

        // It comes back with the tool's result.
        var back = $$"""{"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{"type":"object"} }],"messages":[{"role":"user","content":"x"},{"role":"assistant","content":{{JsonNode.Parse(Answer)!["content"]!.ToJsonString()}} },{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"y"}]}]}""";
        own.Requests.Write(format.Requests.Read(Encoding.UTF8.GetBytes(back)), new WireTarget { Model = "m", Quirks = new WireQuirks() }, new ArrayBufferWriter<byte>(), warnings);
        own.Responses.Write(answer, context, written, warnings);
        Assert.Empty(warnings);

        var anthropic = format.Streams.CreateEncoder(context);
        var stream = new ArrayBufferWriter<byte>();
        var encoder = own.Streams.CreateEncoder(context);
        foreach (var step in ResponseSteps.Of(answer))
        {
            anthropic.Write(step, stream);
            encoder.Write(step, written);
        }

        Assert.Empty(anthropic.Warnings);
        Assert.Empty(encoder.Warnings);
        encoder = own.Streams.CreateEncoder(context);
        var collector = new StepCollector();
        Steps(format, stream.WrittenSpan.ToArray()).ForEach(step =>
        {
            encoder.Write(step, written);
            collector.Add(step);
        });
        Assert.Empty(encoder.Warnings);
        own.Responses.Write(collector.Answer()!, context, written, warnings);
        Assert.Empty(warnings);
        if (ReferenceEquals(own, format))
        {
            Assert.Equal(4, Encoding.UTF8.GetString(written.WrittenSpan).Split("\"direct\"").Length - 1);
        }
    }

    private static List<ChatDelta> Steps(IWireFormat format, byte[] stream)
    {
        using var decoder = format.Streams.CreateDecoder(new WireQuirks());
        List<ChatDelta> steps = [];
        decoder.Decode(stream, steps);
        decoder.Complete(steps);
        return steps;
    }

    [Fact]
    public void What_comes_in_pieces_of_a_block_that_only_Anthropic_knows_is_put_together()
    {
        const string Format = "anthropic-messages";
        var collector = new StepCollector();
        collector.Add(new OpaqueDelta(Format, "server_tool_use", """{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"n","input":{}}}"""));
        collector.Add(new OpaqueDelta(Format, "input_json_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"q\":"}}"""));
        collector.Add(new OpaqueDelta(Format, "input_json_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}"""));
        collector.Add(new OpaqueDelta(Format, "odd", """{"type":"content_block_start","index":1,"content_block":{"type":"odd","content":""}}"""));
        collector.Add(new OpaqueDelta(Format, "odd_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"odd_delta","content":"a"}}"""));
        collector.Add(new OpaqueDelta(Format, "odd_delta", """{"type":"content_block_delta","index":1,"delta":{"type":"odd_delta","content":"b","more":2}}"""));

        Assert.Equal(
            [
                new OpaquePart(Format, "server_tool_use", """{"type":"server_tool_use","id":"s","name":"n","input":{"q":1}}"""),
                new OpaquePart(Format, "odd", """{"type":"odd","content":"ab","more":2}"""),
            ],
            collector.Answer()!.Parts);
    }

    [Fact]
    public void Nothing_collected_is_no_answer() => Assert.Null(new StepCollector().Answer());
}
