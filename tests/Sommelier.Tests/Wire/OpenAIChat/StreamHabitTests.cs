using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.OpenAIChat;

public sealed class StreamHabitTests
{
    [Theory]
    // Pieces in order, the id once.
    [InlineData("""[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}];[{"index":0,"function":{"arguments":"{\"x\""}}];[{"index":0,"function":{"arguments":":1}"}}]""", "a f {\"x\":1}")]
    // Null ids and empty names in later pieces.
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}];[{"index":0,"id":null,"function":{"name":"","arguments":"}"}}]""", "a f {}")]
    // No index at all; whole calls, one each.
    [InlineData("""[{"id":"a","function":{"name":"f","arguments":"{}"}}];[{"id":"b","function":{"name":"g","arguments":"{}"}}]""", "a f {}|b g {}")]
    // Index 0 for every call.
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}];[{"index":0,"id":"b","function":{"name":"f","arguments":"{}"}}]""", "a f {}|b f {}")]
    // The id again in each piece.
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}];[{"index":0,"id":"a","function":{"arguments":"}"}}]""", "a f {}")]
    // Two calls in one delta, with an object for arguments.
    [InlineData("""[{"index":0,"id":"a","function":{"name":"f","arguments":{"k":1}}},{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}]""", "a f {\"k\":1}|b g {}")]
    // The name after the arguments began.
    [InlineData("""[{"index":0,"id":"a","function":{"arguments":"{"}}];[{"index":0,"function":{"name":"f","arguments":"}"}}]""", "a f {}")]
    public void Tool_calls_are_followed_through_every_servers_habits(string deltas, string expected)
    {
        var stream = string.Concat(deltas.Split(';').Select(calls => $"data: {{\"id\":\"r\",\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":{calls}}}}}]}}\n\n"));
        var read = Transcript.Of(Decode(stream + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"));
        Assert.Equal((expected, FinishReasonKind.ToolCalls), (read.Calls, read.Finish));
    }

    [Fact]
    public void A_call_without_id_gets_one_that_stays_the_same_and_is_not_used_twice()
    {
        const string Stream = """
            data: {"id":"r1","choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}

            data: {"id":"r1","choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}

            data: [DONE]


            """;
        var ids = Decode(Stream).OfType<ToolCallStartDelta>().Select(call => call.Id).ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^call_[A-Za-z0-9]{24}$", id));
        Assert.Equal(ids, Decode(Stream).OfType<ToolCallStartDelta>().Select(call => call.Id));
        Assert.NotEqual(ids, Decode(Stream.Replace("r1", "r2", StringComparison.Ordinal)).OfType<ToolCallStartDelta>().Select(call => call.Id));
    }

    [Fact]
    public void Legacy_function_calls_are_tool_calls()
    {
        var read = Transcript.Of(Decode("""
            data: {"id":"r1","choices":[{"delta":{"role":"assistant","function_call":{"name":"f","arguments":""}}}]}

            data: {"id":"r1","choices":[{"delta":{"function_call":{"arguments":"{}"}},"finish_reason":"function_call"}]}

            data: [DONE]


            """));
        Assert.EndsWith(" f {}", read.Calls, StringComparison.Ordinal);
        Assert.Equal(FinishReasonKind.ToolCalls, read.Finish);
    }

    [Fact]
    public void An_emoji_cut_between_two_chunks_is_whole_again()
    {
        var read = Decode("data: {\"id\":\"r\",\"choices\":[{\"delta\":{\"content\":\"a\\ud83d\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"\\ude00b\"}}]}\n\ndata: [DONE]\n\n");
        Assert.Equal(["a", "😀b"], read.OfType<TextDelta>().Select(delta => delta.Text));
    }

    [Fact]
    public void Thinking_text_and_seals_come_in_parts_that_count_up()
    {
        var read = Decode("""
            data: {"id":"r","choices":[{"delta":{"reasoning":"t","reasoning_details":[{"type":"reasoning.text","text":"t","signature":"s"}]}}]}

            data: {"choices":[{"delta":{"content":"x"}}]}

            data: {"choices":[{"delta":{"content":"","tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}

            data: {"choices":[{"delta":{"content":"y"}}]}

            data: [DONE]


            """);
        Assert.Equal(
            [
                new StartDelta("r", null), new ReasoningDelta(0, "t"), new ReasoningDelta(0, "", "s"), new TextDelta(1, "x"),
                new ToolCallStartDelta(2, "a", "f"), new ToolCallArgumentsDelta(2, "{}"), new TextDelta(3, "y"), EndDelta.Instance,
            ],
            read);
    }

    [Fact]
    public void Only_the_first_of_several_answers_is_read_and_the_loss_is_told()
    {
        var read = Decode("""
            data: {"id":"r","choices":[{"index":1,"delta":{"content":"no"}},{"index":0,"delta":{"content":"y"}}]}

            data: {"id":"r","choices":[{"finish_reason":"length","index":1,"delta":{}}]}

            data: {"id":"r","choices":[{"index":0,"delta":{"content":"es"},"finish_reason":"stop"}]}

            data: [DONE]


            """);
        Assert.Equal("yes", Transcript.Of(read).Text);

        // That another one ended first is not the end of this one.
        Assert.Equal(FinishReasonKind.Stop, Assert.Single(read.OfType<FinishDelta>()).Reason.Kind);
        Assert.Equal("choices[1]", Assert.Single(read.OfType<OpaqueDelta>()).Type);
    }

    [Theory]
    [InlineData("""{"error":{"message":"overloaded","type":"server_error","code":503}}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"error":"busy","code":"x"}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"id":"r","choices":[{"delta":{},"finish_reason":"error"}],"error":{"code":429,"message":"slow"}}""", UpstreamFailureKind.RateLimited)]
    [InlineData("""{"id":"r","choices":[{"delta":{},"finish_reason":"insufficient_system_resource"}]}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"choices":[],"x_groq":{"error":"over capacity"}}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"error":{"message":"This model's maximum context length is 10 tokens","code":"context_length_exceeded"}}""", UpstreamFailureKind.ContextLengthExceeded)]
    public void A_failure_inside_a_stream_is_a_failure(string json, UpstreamFailureKind kind)
    {
        var stream = "data: {\"id\":\"r\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"x\"}}]}\n\n";
        var read = Decode(stream + $"data: {json}\n\ndata: [DONE]\n\n", whole: false);
        Assert.Equal(kind, Assert.IsType<FailureDelta>(read[^1]).Failure.Kind);

        using var relay = Relay(WireQuirks.Default, usage: false);
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(Encoding.UTF8.GetBytes(stream + $"data: {json}\n\ndata: [DONE]\n\n"), output);
        Assert.Equal(kind, relay.Failure!.Kind);
        Assert.Equal(stream, Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.False(relay.Ended);
    }

    [Theory]
    [InlineData("data: {\"id\":\n\n")]
    [InlineData("data: {malformed json: <<<\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}]}\n\n")]
    [InlineData("data: hello\n\n")]
    [InlineData("data: {} {}\n\n")]
    public void A_malformed_chunk_is_found(string stream)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        using var decoder = OpenAIChatFormat.Instance.Streams.CreateDecoder(WireQuirks.Default);
        Assert.Equal(UpstreamFailureKind.ProtocolError, Assert.Throws<UpstreamException>(() => decoder.Decode(bytes, new List<ChatDelta>())).Failure.Kind);
        using var relay = Relay(WireQuirks.Default, usage: false);
        Assert.Equal(UpstreamFailureKind.ProtocolError, Assert.Throws<UpstreamException>(() => relay.Relay(bytes, new ArrayBufferWriter<byte>())).Failure.Kind);
    }

    [Fact]
    public void A_stream_that_is_cut_is_not_whole()
    {
        var bytes = Recording.Stream("groq/groq-tool-call.chunks.txt");
        for (var at = 0; at < bytes.Length - "[DONE]\n\n".Length; at++)
        {
            using var decoder = OpenAIChatFormat.Instance.Streams.CreateDecoder(WireQuirks.Default);
            var deltas = new List<ChatDelta>();
            decoder.Decode(bytes.AsSpan(0, at), deltas);
            decoder.Complete(deltas);
            Assert.False(decoder.Ended);
            using var relay = Relay(WireQuirks.Default, usage: false);
            relay.Relay(bytes.AsSpan(0, at), new ArrayBufferWriter<byte>());
            relay.Complete(new ArrayBufferWriter<byte>());
            Assert.False(relay.Ended);
        }
    }

    [Fact]
    public void A_server_without_end_mark_ends_with_its_finish_reason_and_the_caller_gets_the_mark()
    {
        var quirks = new WireQuirks { DoneMark = false };
        var bytes = Recording.Stream("perplexity/perplexity-text.chunks.txt", done: false);
        using var relay = Relay(quirks, usage: false);
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(bytes, output);
        relay.Complete(output);
        Assert.True(relay.Ended);
        Assert.EndsWith("data: [DONE]\n\n", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);

        using var decoder = OpenAIChatFormat.Instance.Streams.CreateDecoder(quirks);
        var deltas = new List<ChatDelta>();
        decoder.Decode(bytes, deltas);
        Assert.True(decoder.Ended);
        decoder.Complete(deltas);
        Assert.Same(EndDelta.Instance, deltas[^1]);
    }

    [Fact]
    public void Token_counts_that_only_we_asked_for_do_not_reach_the_caller()
    {
        var bytes = Recording.Stream("openai-cassettes/chat-streaming-detailed-usage.yaml");
        var text = Encoding.UTF8.GetString(bytes);
        using var relay = Relay(WireQuirks.Default, usage: false);
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(bytes, output);
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(string.Concat(events.Where(item => !item.Contains("\"choices\":[],", StringComparison.Ordinal)).Select(item => item.Trim('\n') + "\n\n")), Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(new Usage { InputTokens = 12, OutputTokens = 100, ReasoningOutputTokens = 100 }, relay.Facts.Usage);
    }

    [Theory]
    [InlineData("openai-cassettes/chat-streaming-detailed-usage.yaml")]
    [InlineData("groq/groq-tool-call.chunks.txt")]
    public void The_cost_stands_beside_the_token_counts_of_callers_that_sent_a_sommelier_object(string name)
    {
        var context = new ReplyContext { FallbackId = "f", Model = "m", Created = default, StreamUsage = true, CostUsd = usage => usage.InputTokens * 0.001m };
        using var relay = OpenAIChatFormat.Instance.Streams.CreateRelay(WireQuirks.Default, context);
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(Recording.Stream(name), output);
        var line = Encoding.UTF8.GetString(output.WrittenSpan).Split('\n').Single(item => item.Contains("sommelier", StringComparison.Ordinal));
        var json = JsonNode.Parse(line[6..])!;
        Assert.Equal((decimal)json["usage"]!["prompt_tokens"]! * 0.001m, (decimal)json["sommelier"]!["cost_usd"]!);
    }

    [Fact]
    public void Relaying_allocates_nothing_per_chunk()
    {
        var bytes = Recording.Stream("groq/groq-reasoning.chunks.txt");
        using var relay = Relay(WireQuirks.Default, usage: true);
        var output = new ArrayBufferWriter<byte>(bytes.Length * 2);
        var half = bytes.Length / 2;
        relay.Relay(bytes.AsSpan(0, half), output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = half; at < bytes.Length - 2000; at += 700)
        {
            relay.Relay(bytes.AsSpan(at, Math.Min(700, bytes.Length - 2000 - at)), output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_encoder_writes_what_clients_expect()
    {
        var context = new ReplyContext { FallbackId = "f", Model = "m", Created = DateTimeOffset.FromUnixTimeSeconds(5), StreamUsage = true, CostUsd = _ => 0.25m };
        var encoder = OpenAIChatFormat.Instance.Streams.CreateEncoder(context);
        var output = new ArrayBufferWriter<byte>();
        foreach (var delta in (ChatDelta[])
            [
                new StartDelta("r", "gpt"), new TextDelta(0, "hé\""), new PartEndDelta(0), new ToolCallStartDelta(1, "c", "f"), new ToolCallArgumentsDelta(1, "{}"),
                new UsageDelta(new Usage { InputTokens = 3, OutputTokens = 2 }), new FinishDelta(new FinishReason(FinishReasonKind.ToolCalls)), EndDelta.Instance,
            ])
        {
            encoder.Write(delta, output);
        }

        const string Head = """data: {"id":"r","object":"chat.completion.chunk","created":5,"model":"gpt","choices":[""";
        const string Tail = ""","logprobs":null,"finish_reason":null}],"usage":null}""";
        Assert.Equal(
            [
                Head + """{"index":0,"delta":{"role":"assistant","content":"","refusal":null}""" + Tail,
                Head + """{"index":0,"delta":{"content":"hé\""}""" + Tail,
                Head + """{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":""}}]}""" + Tail,
                Head + """{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}""" + Tail,
                Head + """{"index":0,"delta":{},"logprobs":null,"finish_reason":"tool_calls"}],"usage":null}""",
                Head + """],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}},"sommelier":{"cost_usd":0.25}}""",
                "data: [DONE]",
            ],
            Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Callers_that_asked_for_no_token_counts_get_none()
    {
        var encoder = OpenAIChatFormat.Instance.Streams.CreateEncoder(new ReplyContext { FallbackId = "f", Model = "m", Created = default });
        var output = new ArrayBufferWriter<byte>();
        encoder.Write(new UsageDelta(new Usage { InputTokens = 3 }), output);
        encoder.Write(EndDelta.Instance, output);
        encoder.WriteError(new GatewayError(GatewayErrorKind.UpstreamUnavailable, "cut", 502), output);
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\ndata: {\"error\":{\"message\":\"cut\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_unavailable\"}}\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_of_another_format_are_told_as_lost()
    {
        var encoder = OpenAIChatFormat.Instance.Streams.CreateEncoder(new ReplyContext { FallbackId = "f", Model = "m", Created = default });
        encoder.Write(new OpaqueDelta("anthropic-messages", "citations_delta", "{}"), new ArrayBufferWriter<byte>());
        Assert.Equal("citations_delta", Assert.Single(encoder.Warnings).Field);
    }

    private static StreamRelay Relay(WireQuirks quirks, bool usage) =>
        OpenAIChatFormat.Instance.Streams.CreateRelay(quirks, new ReplyContext { FallbackId = "f", Model = "m", Created = default, StreamUsage = usage });

    private static List<ChatDelta> Decode(string stream, bool whole = true)
    {
        using var decoder = OpenAIChatFormat.Instance.Streams.CreateDecoder(WireQuirks.Default);
        var deltas = new List<ChatDelta>();
        decoder.Decode(Encoding.UTF8.GetBytes(stream), deltas);
        decoder.Complete(deltas);
        Assert.Equal(whole, decoder.Ended);
        return deltas;
    }
}
