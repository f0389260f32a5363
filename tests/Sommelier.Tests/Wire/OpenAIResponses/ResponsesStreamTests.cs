using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.OpenAIResponses;

public sealed class ResponsesStreamTests
{
    private const string Created = """{"type":"response.created","response":{"id":"resp_1","object":"response","model":"m","status":"in_progress","output":[]}}""";
    private const string Completed = """{"type":"response.completed","response":{"id":"resp_1","model":"m","status":"completed","error":null,"output":[],"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5}}}""";
    private const string Hello = """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hi"}""";

    [Fact]
    public void A_server_that_tells_only_pieces_and_the_end_is_understood()
    {
        var said = Said.Of(ResponsesWire.Decode(Events(Hello, Completed)));
        Assert.Equal(("Hi", FinishReasonKind.Stop, 2L), (said.Text, said.Finish, said.Usage?.OutputTokens));
    }

    [Fact]
    public void A_server_that_tells_only_whole_items_is_understood()
    {
        var said = Said.Of(ResponsesWire.Decode(Events(
            Created,
            """{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gA"}}""",
            """{"type":"response.output_item.done","output_index":1,"item":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"},{"type":"refusal","refusal":"No"}]}}""",
            """{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{\"x\":1}"}}""",
            Completed)));
        Assert.Equal(("HiNo", "Hm.gA", "c f {\"x\":1}", FinishReasonKind.ToolCalls), (said.Text, said.Thinking, said.Calls, said.Finish));
    }

    [Fact]
    public void A_server_that_tells_only_the_end_is_understood()
    {
        var said = Said.Of(ResponsesWire.Decode(Events(Completed.Replace("\"output\":[]", "\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}]", StringComparison.Ordinal))));
        Assert.Equal("Hi", said.Text);
    }

    [Fact]
    public void Sections_of_thinking_are_told_apart()
    {
        static string Piece(int section, string text) => $$"""{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":{{section}},"delta":"{{text}}"}""";
        Assert.Equal("ab\n\nc", Said.Of(ResponsesWire.Decode(Events(Created, Piece(0, "a"), Piece(0, "b"), Piece(1, "c"), Completed))).Thinking);
    }

    [Theory]
    [InlineData("max_output_tokens", FinishReasonKind.Length)]
    [InlineData("content_filter", FinishReasonKind.ContentFilter)]
    [InlineData("something_new", FinishReasonKind.Other)]
    public void An_incomplete_answer_is_whole_and_says_why(string reason, FinishReasonKind kind)
    {
        var end = $$$"""{"type":"response.incomplete","response":{"id":"resp_1","status":"incomplete","incomplete_details":{"reason":"{{{reason}}}"},"output":[]}}""";
        Assert.Equal(kind, Said.Of(ResponsesWire.Decode(Events(Created, Hello, end))).Finish);
    }

    [Theory]
    [InlineData("""{"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"Rate limit reached"}}}""", UpstreamFailureKind.RateLimited)]
    [InlineData("""{"type":"error","code":"server_error","message":"Oops","param":null}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"type":"error","error":{"type":"insufficient_quota","message":"Pay"}}""", UpstreamFailureKind.QuotaExhausted)]
    [InlineData("""{"error":{"type":"invalid_request_error","message":"Bad"}}""", UpstreamFailureKind.InvalidRequest)]
    [InlineData("""{"type":"response.completed","response":{"status":"completed","output":[]}}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"type":"response.completed","response":{"status":"failed","output":[],"error":{"code":"server_error","message":"x"}}}""", UpstreamFailureKind.Unavailable)]
    public void Failures_in_a_stream_are_never_a_clean_end(string last, UpstreamFailureKind kind)
    {
        var bytes = Events(Created, last);
        Assert.Equal(kind, ResponsesWire.Decode(bytes, whole: false).OfType<FailureDelta>().Single().Failure.Kind);
        using var relay = ResponsesWire.Format.Streams.CreateRelay(WireQuirks.Default, ResponsesWire.Reply);
        relay.Relay(bytes, new ArrayBufferWriter<byte>());
        Assert.Equal((kind, false), (relay.Failure!.Kind, relay.Ended));
    }

    [Theory]
    [InlineData("data: {\"type\":\"response.output_text.delta\",\"delta\":\n\n")]
    [InlineData("data: not json\n\n")]
    [InlineData("data: []\n\n")]
    public void Garbage_in_a_stream_is_a_protocol_error(string garbage)
    {
        var bytes = Encoding.UTF8.GetBytes(garbage);
        Assert.Equal(UpstreamFailureKind.ProtocolError, Assert.Throws<UpstreamException>(() => ResponsesWire.Decode(bytes)).Failure.Kind);
        using var relay = ResponsesWire.Format.Streams.CreateRelay(WireQuirks.Default, ResponsesWire.Reply);
        Assert.Throws<UpstreamException>(() => relay.Relay(bytes, new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void A_stream_without_its_end_mark_is_not_whole() => Assert.DoesNotContain(EndDelta.Instance, ResponsesWire.Decode(Events(Created, Hello), whole: false));

    [Fact]
    public void Any_mutation_of_a_stream_is_read_or_refused()
    {
        var good = Encoding.UTF8.GetString(Events(Created, Hello, """{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}}""", Completed));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Char[' ', '~']).Sample((at, letter) =>
        {
            var bytes = Encoding.UTF8.GetBytes(good.Remove(at, 1).Insert(at, letter.ToString()));
            try
            {
                using var decoder = ResponsesWire.Format.Streams.CreateDecoder(WireQuirks.Default);
                var deltas = new List<ChatDelta>();
                decoder.Decode(bytes, deltas);
                decoder.Complete(deltas);
                using var relay = ResponsesWire.Format.Streams.CreateRelay(WireQuirks.Default, ResponsesWire.Reply);
                relay.Relay(bytes, new ArrayBufferWriter<byte>());
            }
            catch (UpstreamException)
            {
                // Told properly.
            }
        });
    }

    [Fact]
    public void The_cost_stands_in_the_last_event()
    {
        var context = ResponsesWire.Reply with { CostUsd = usage => usage.OutputTokens * 0.5m };
        using var relay = ResponsesWire.Format.Streams.CreateRelay(WireQuirks.Default, context);
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(Events(Created, Hello, Completed), output);
        Assert.Equal(1m, Last(Encoding.UTF8.GetString(output.WrittenSpan))["response"]!["sommelier"]!["cost_usd"]!.GetValue<decimal>());

        var written = ResponsesWire.Encode(ResponsesWire.Decode(Events(Created, Hello, Completed)), context);
        Assert.Equal(1m, Last(written)["response"]!["sommelier"]!["cost_usd"]!.GetValue<decimal>());
    }

    [Fact]
    public void An_error_in_the_middle_has_the_next_number_and_both_shapes()
    {
        var encoder = ResponsesWire.Format.Streams.CreateEncoder(ResponsesWire.Reply);
        var output = new ArrayBufferWriter<byte>();
        encoder.Write(new StartDelta("x", "m"), output);
        output.ResetWrittenCount();
        encoder.WriteError(new GatewayError(GatewayErrorKind.UpstreamUnavailable, "Gone", 502), output);
        var step = Last(Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(("error", 2, "Gone", "Gone"), ((string?)step["type"], (int)step["sequence_number"]!, (string?)step["message"], (string?)step["error"]!["message"]));
    }

    [Fact]
    public void Thinking_of_another_vendor_reaches_the_caller_wrapped()
    {
        List<ChatDelta> deltas =
        [
            new StartDelta("msg_1", "claude"),
            new ReasoningDelta(0, "Hm.") { Vendor = Seals.Anthropic },
            new ReasoningDelta(0, "", "sig") { Vendor = Seals.Anthropic },
            new ReasoningDelta(1, "", null, "red") { Vendor = Seals.Anthropic },
            new TextDelta(2, "Hi"),
            new FinishDelta(new FinishReason(FinishReasonKind.Stop)),
            EndDelta.Instance,
        ];
        var written = ResponsesWire.Encode(deltas);
        Assert.Equal([], ResponsesGrammar.Faults(written));
        var output = Last(written)["response"]!["output"]!.AsArray();
        Assert.Equal(["sommelier.seal.anthropic:sig", "sommelier.seal.anthropic:red", null], output.Select(item => (string?)item!["encrypted_content"]));
        var again = ResponsesWire.Format.Responses.Read(Encoding.UTF8.GetBytes(Last(written)["response"]!.ToJsonString()), WireQuirks.Default);
        Assert.Equal(
            [new ReasoningPart("Hm.", "sig") { Vendor = Seals.Anthropic }, new ReasoningPart("", null, "red") { Vendor = Seals.Anthropic }],
            again.Parts.OfType<ReasoningPart>());
    }

    [Fact]
    public void Whatever_is_written_keeps_the_rules_and_is_read_as_it_was()
    {
        var text = Gen.String[Gen.Char['a', 'z'], 0, 5];
        var part = Gen.Select(Gen.Int[0, 3], text, text, (kind, first, second) => (Kind: kind, First: first, Second: second));
        Gen.Select(part.List[0, 6], Gen.Bool, Gen.Bool, Gen.Int[0, 3]).Sample((parts, closes, interleaves, finish) =>
        {
            var deltas = new List<ChatDelta> { new StartDelta("resp_1", "m") };
            var late = new List<ChatDelta>();
            for (var i = 0; i < parts.Count; i++)
            {
                var (kind, first, second) = parts[i];
                deltas.AddRange(Steps(kind, i, first));
                (interleaves && kind == 3 ? late : deltas).AddRange(kind == 3 ? [new ToolCallArgumentsDelta(i, second)] : Steps(kind, i, second));
                if (closes && !interleaves)
                {
                    deltas.Add(new PartEndDelta(i));
                }
            }

            deltas.AddRange(late);
            deltas.Add(new UsageDelta(new Usage { InputTokens = 1, OutputTokens = 2 }));
            deltas.Add(new FinishDelta(new FinishReason((FinishReasonKind)(finish == 2 && !parts.Any(it => it.Kind == 3) ? 0 : finish))));
            deltas.Add(EndDelta.Instance);
            var written = ResponsesWire.Encode(deltas);
            Assert.Equal([], ResponsesGrammar.Faults(written));
            if (parts.Count > 0)
            {
                var (said, read) = (Said.Of(deltas), Said.Of(ResponsesWire.Decode(Encoding.UTF8.GetBytes(written))));
                Assert.Equal((said.Text, said.Thinking), (read.Text, read.Thinking));
                Assert.Equal(said.Calls.Split('|').Select(call => call.EndsWith(' ') ? call + "{}" : call), read.Calls.Split('|').Select(call => call));
            }
        });

        static IEnumerable<ChatDelta> Steps(int kind, int index, string text) => kind switch
        {
            0 => [new TextDelta(index, text)],
            1 => [new ReasoningDelta(index, text)],
            2 => [new RefusalDelta(index, text)],
            _ => [new ToolCallStartDelta(index, $"c{index}", "f"), new ToolCallArgumentsDelta(index, text)],
        };
    }

    private static byte[] Events(params string[] events) => Encoding.UTF8.GetBytes(string.Concat(events.Select(json => $"data: {json}\n\n")));

    private static JsonNode Last(string stream)
    {
        var last = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        return JsonNode.Parse(last[(last.IndexOf("data: ", StringComparison.Ordinal) + 6)..])!;
    }
}
