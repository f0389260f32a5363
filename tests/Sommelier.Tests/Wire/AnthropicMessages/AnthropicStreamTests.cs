using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.AnthropicMessages;

public sealed class AnthropicStreamTests
{
    private const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"cache_read_input_tokens":3,"output_tokens":1}}}""";

    [Fact]
    public void Encodes_the_events_in_the_vendors_order()
    {
        var encoded = Wire.Encode(
            [
                new StartDelta("chatcmpl-1", "gpt"),
                new ReasoningDelta(0, "hm"),
                new TextDelta(1, "Hé"),
                new TextDelta(1, ""),
                new TextDelta(1, "\"!"),
                new ToolCallStartDelta(2, "call_1", "f"),
                new ToolCallArgumentsDelta(2, "{\"a\":"),
                new ToolCallArgumentsDelta(2, "1}"),
                new FinishDelta(new(FinishReasonKind.ToolCalls, "tool_calls")),
                new UsageDelta(new() { InputTokens = 10, CacheReadInputTokens = 4, OutputTokens = 7, ReasoningOutputTokens = 2 }),
                EndDelta.Instance,
            ],
            Wire.Context with { CostUsd = usage => usage.OutputTokens * 0.00001m });

        Assert.Equal(
            Wire.Sse(
                """{"type":"message_start","message":{"id":"msg_chatcmpl-1","type":"message","role":"assistant","model":"gpt","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}}""",
                """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}""",
                """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hé"}}""",
                """{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"\"!"}}""",
                """{"type":"content_block_stop","index":1}""",
                """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"call_1","name":"f","input":{}}}""",
                """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
                """{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"1}"}}""",
                """{"type":"content_block_stop","index":2}""",
                """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":6,"cache_creation_input_tokens":0,"cache_read_input_tokens":4,"output_tokens":7,"output_tokens_details":{"thinking_tokens":2}},"sommelier":{"cost_usd":0.00007}}""",
                """{"type":"message_stop"}"""),
            encoded);
    }

    [Fact]
    public void Brings_interleaved_calls_into_order()
    {
        var warnings = new List<Warning>();
        var encoded = Wire.Encode(
            [
                new StartDelta("1", "m"),
                new ToolCallStartDelta(0, "a", "f"),
                new ToolCallStartDelta(1, "b", "g"),
                new ToolCallArgumentsDelta(0, "{\"x\":\"}"),
                new ToolCallArgumentsDelta(1, "{}"),
                new ToolCallArgumentsDelta(0, "\"}"),
                new TextDelta(2, "after"),
                new FinishDelta(new(FinishReasonKind.ToolCalls)),
                EndDelta.Instance,
            ],
            warnings: warnings);

        var blocks = encoded.Split('\n').Where(line => line.Contains("\"index\":", StringComparison.Ordinal)).Select(Short).ToList();
        Assert.Equal(
            ["start 0", "delta 0", "delta 0", "stop 0", "start 1", "delta 1", "stop 1", "start 2", "delta 2", "stop 2"],
            blocks);
        Assert.Empty(warnings);
        var again = Wire.Decode(Wire.Utf8(encoded));
        Assert.Equal("{\"x\":\"}\"}", string.Concat(again.OfType<ToolCallArgumentsDelta>().Where(delta => delta.Index == 0).Select(delta => delta.Arguments)));

        static string Short(string line) => $"{line.Split("content_block_")[1].Split('"')[0]} {line.Split("\"index\":")[1][0]}";
    }

    [Fact]
    public void Ends_a_stream_of_nothing_as_a_message()
    {
        var encoded = Wire.Encode([new FinishDelta(new(FinishReasonKind.Length, "length")), EndDelta.Instance]);

        Assert.StartsWith("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_f00\"", encoded, StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"max_tokens\"", encoded, StringComparison.Ordinal);
        Assert.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", encoded, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_a_refusal_and_what_it_could_not_carry()
    {
        var warnings = new List<Warning>();
        var encoded = Wire.Encode(
            [
                new RefusalDelta(0, "No."),
                new OpaqueDelta("openai-chat", "annotations", "{}"),
                new OpaqueDelta("openai-chat", "annotations", "{}"),
                new ToolCallStartDelta(1, "a", "f"),
                new ToolCallArgumentsDelta(1, "{\"x"),
                new FinishDelta(new(FinishReasonKind.Stop, "stop")),
                EndDelta.Instance,
            ],
            warnings: warnings);

        Assert.Contains("\"stop_reason\":\"refusal\"", encoded, StringComparison.Ordinal);
        Assert.Equal(["annotations", "tool_calls"], warnings.Select(warning => warning.Field));
    }

    [Fact]
    public void Tells_a_failure_in_the_stream()
    {
        var stream = Wire.Sse(
            Start,
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}""",
            """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
            """{"type":"message_stop"}""");

        var deltas = Wire.Decode(Wire.Utf8(stream));
        var failure = Assert.IsType<FailureDelta>(deltas[^1]).Failure;
        Assert.Equal((UpstreamFailureKind.Unavailable, "Overloaded", "overloaded_error"), (failure.Kind, failure.Message, failure.Code));

        var output = new ArrayBufferWriter<byte>();
        using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
        relay.Relay(Wire.Utf8(stream), output);
        Assert.Equal(UpstreamFailureKind.Unavailable, relay.Failure!.Kind);
        Assert.False(relay.Ended);
        Assert.Equal(stream[..stream.IndexOf("event: error", StringComparison.Ordinal)], Encoding.UTF8.GetString(output.WrittenSpan));

        relay.WriteError(new(GatewayErrorKind.UpstreamUnavailable, "It broke.", 529), output);
        Assert.EndsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"It broke.\"}}\n\n", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_del\n\n")]
    [InlineData("data: [1]\n\n")]
    [InlineData("data: {\"index\":0}\n\n")]
    [InlineData("data: {\"type\":\"content_block_delta\",\"index\":\"x\"}\n\n")]
    public void Refuses_events_that_are_not_of_the_format(string stream)
    {
        var failure = Assert.Throws<UpstreamException>(() => Wire.Decode(Wire.Utf8(stream))).Failure;
        Assert.Equal(UpstreamFailureKind.ProtocolError, failure.Kind);

        using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
        Assert.Throws<UpstreamException>(() => relay.Relay(Wire.Utf8(stream), new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Commits_at_the_first_content_only()
    {
        using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
        var output = new ArrayBufferWriter<byte>();
        Feed(": hello\n\n");
        Feed(Wire.Sse(Start, """{"type":"ping"}""", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""));
        Assert.False(relay.HasContent);

        Feed(Wire.Sse("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"H"}}"""));
        Assert.True(relay.HasContent);
        Assert.Equal(1, relay.Facts.OutputBytes);
        Assert.StartsWith(": hello\n\nevent: message_start", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);

        void Feed(string text) => relay.Relay(Wire.Utf8(text), output);
    }

    [Fact]
    public void Puts_the_cost_beside_the_counts_that_the_vendor_sent()
    {
        const string Last = """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":100}}""";
        using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context with { CostUsd = usage => (usage.OutputTokens + usage.InputTokens) * 0.001m });
        var output = new ArrayBufferWriter<byte>();

        relay.Relay(Wire.Utf8(Wire.Sse(Start, Last, """{"type":"message_stop"}""")), output);

        // 5 plain and 3 cached input tokens, 100 output tokens.
        Assert.Equal(
            Wire.Sse(Start, Last[..^1] + ",\"sommelier\":{\"cost_usd\":0.108}}", """{"type":"message_stop"}"""),
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Takes_a_last_event_without_its_blank_line_but_not_half_of_one()
    {
        var whole = Wire.Sse(Start, """{"type":"message_stop"}""");
        Assert.Same(EndDelta.Instance, Wire.Decode(Wire.Utf8(whole.TrimEnd('\n')))[^1]);
        Assert.DoesNotContain(EndDelta.Instance, Wire.Decode(Wire.Utf8(whole.TrimEnd('\n')[..^1])));

        var output = new ArrayBufferWriter<byte>();
        using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
        relay.Relay(Wire.Utf8(whole.TrimEnd('\n')), output);
        Assert.False(relay.Ended);
        relay.Complete(output);
        Assert.True(relay.Ended);
        Assert.Equal(whole, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Relays_text_without_allocating()
    {
        using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
        var chunk = Wire.Utf8(Wire.Sse("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"some words \n"}}"""));
        var output = new ArrayBufferWriter<byte>(1 << 20);
        for (var i = 0; i < 1_000; i++)
        {
            relay.Relay(chunk, output);
        }

        output.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            relay.Relay(chunk, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Sums_the_calls_that_one_answer_took()
    {
        var answer = Wire.ReadAnswer("""
            {"id":"msg_1","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn",
             "usage":{"input_tokens":10,"output_tokens":5,"cache_creation_input_tokens":7,"cache_creation":{"ephemeral_1h_input_tokens":7},
             "iterations":[{"type":"compaction","input_tokens":100,"output_tokens":20},{"type":"message","input_tokens":10,"output_tokens":5}]}}
            """);

        Assert.Equal(
            new Usage { InputTokens = 117, OutputTokens = 25, CacheCreationInputTokens = 7, CacheCreation1hInputTokens = 7 },
            answer.Usage);
    }
}
