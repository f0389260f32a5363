using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.EventStream;

namespace Sommelier.Tests.Wire.BedrockConverse;

public sealed class ConverseStreamTests
{
    // What the official codec writes; measured with an AWS SDK.
    private const string MessageStart = "000000760000005296d5fade0b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22726f6c65223a22617373697374616e74227d6fa8c599";
    private const string Hi = "0000009400000057b4ab9aee0b3a6576656e742d74797065070011636f6e74656e74426c6f636b44656c74610d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22636f6e74656e74426c6f636b496e646578223a302c2264656c7461223a7b2274657874223a224869227d7d1f944657";
    private const string Throttling = "00000090000000618e91a9b70f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74797065070009657863657074696f6e7b226d657373616765223a22546f6f206d616e79207265717565737473227de67f8005";

    private static readonly string[] Said =
    [
        """{"messageStart":{"role":"assistant"}}""",
        """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"Hi"}}}""",
        """{"contentBlockStop":{"contentBlockIndex":0}}""",
        """{"messageStop":{"stopReason":"end_turn"}}""",
        """{"metadata":{"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":15,"cacheReadInputTokens":4,"cacheWriteInputTokens":6,"cacheDetails":[{"ttl":"1h","inputTokens":5},{"ttl":"5m","inputTokens":1}]},"metrics":{"latencyMs":7},"trace":{"x":1}}}""",
    ];

    [Fact]
    public void Writes_the_official_codecs_bytes()
    {
        var encoder = Converse.Format.Streams.CreateEncoder(Converse.Context);
        var output = new ArrayBufferWriter<byte>();
        encoder.Write(new StartDelta("a", "m"), output);
        encoder.Write(new TextDelta(0, "Hi"), output);
        encoder.WriteError(new(GatewayErrorKind.RateLimited, "Too many requests", 429), output);

        Assert.Equal(MessageStart + Hi + Throttling, Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Fact]
    public void Parallel_calls_that_come_interleaved_go_out_one_after_the_other()
    {
        var events = Converse.Events(Converse.Encode(
            new StartDelta("a", "m"),
            new ReasoningDelta(0, "Two cities."),
            new ReasoningDelta(0, "", "c2VhbA==") { Vendor = Seals.Anthropic },
            new ToolCallStartDelta(1, "call_1", "f"),
            new ToolCallStartDelta(2, "call_2", "g"),
            new ToolCallArgumentsDelta(2, "{\"b\":"),
            new ToolCallArgumentsDelta(1, "{\"a\":1}"),
            new ToolCallArgumentsDelta(2, "2}"),
            new FinishDelta(new(FinishReasonKind.ToolCalls)),
            new UsageDelta(new Usage { InputTokens = 10, CacheReadInputTokens = 4, OutputTokens = 5 }),
            EndDelta.Instance));

        Assert.Equal(
            [
                """{"messageStart":{"role":"assistant"}}""",
                """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Two cities."}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"c2VhbA=="}}}}""",
                """{"contentBlockStop":{"contentBlockIndex":0}}""",
                """{"contentBlockStart":{"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"call_1","name":"f"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"a\":1}"}}}}""",
                """{"contentBlockStop":{"contentBlockIndex":1}}""",
                """{"contentBlockStart":{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"call_2","name":"g"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"b\":"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":2,"delta":{"toolUse":{"input":"2}"}}}}""",
                """{"contentBlockStop":{"contentBlockIndex":2}}""",
                """{"messageStop":{"stopReason":"tool_use"}}""",
                """{"metadata":{"usage":{"inputTokens":6,"outputTokens":5,"totalTokens":15,"cacheReadInputTokens":4,"cacheWriteInputTokens":0},"metrics":{"latencyMs":0}}}""",
            ],
            events.Select(json => json.Replace("\\u0022", "\\\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Counts_what_the_cache_gave_and_took()
    {
        var (steps, ended) = Converse.Decode(Converse.Frames(Said));

        Assert.True(ended);
        Assert.Equal(
            new Usage { InputTokens = 13, CacheReadInputTokens = 4, CacheCreationInputTokens = 6, CacheCreation1hInputTokens = 5, OutputTokens = 2 },
            steps.OfType<UsageDelta>().Single().Usage);
    }

    [Fact]
    public void A_stream_without_its_stop_is_not_whole_and_one_without_its_counts_is()
    {
        Assert.False(Converse.Decode(Converse.Frames(Said[..3])).Ended);
        Assert.True(Converse.Decode(Converse.Frames(Said[..4])).Ended);
        Assert.False(Converse.Decode([.. Converse.Frames(Said[..4]), 0, 0, 0]).Ended);
    }

    [Theory]
    [InlineData("throttlingException", UpstreamFailureKind.RateLimited)]
    [InlineData("validationException", UpstreamFailureKind.InvalidRequest)]
    [InlineData("modelStreamErrorException", UpstreamFailureKind.Unavailable)]
    [InlineData("internalServerException", UpstreamFailureKind.Unavailable)]
    [InlineData("serviceUnavailableException", UpstreamFailureKind.Unavailable)]
    [InlineData("modelTimeoutException", UpstreamFailureKind.Timeout)]
    public void Exceptions_are_failures_of_their_kind(string type, UpstreamFailureKind expected)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write(Converse.Frames(Said[..2]));
        EventStreamWriter.WriteException(Converse.Utf8(type), """{"message":"So it is."}"""u8, output);

        var (steps, ended) = Converse.Decode(output.WrittenSpan.ToArray());
        using var relay = Converse.Format.Streams.CreateRelay(WireQuirks.Default, Converse.Context);
        var passed = new ArrayBufferWriter<byte>();
        relay.Relay(output.WrittenSpan, passed);

        var failure = Assert.IsType<FailureDelta>(steps[^1]).Failure;
        Assert.Equal((expected, "So it is.", false), (failure.Kind, failure.Message, ended));
        Assert.Equal((expected, false), (relay.Failure!.Kind, relay.Ended));
        Assert.Equal(Converse.Frames(Said[..2]), passed.WrittenSpan.ToArray());
    }

    [Fact]
    public void The_tool_that_stands_in_for_a_schema_speaks_as_text()
    {
        var (steps, _) = Converse.Decode(
            Converse.Frames(
                """{"contentBlockStart":{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t","name":"sommelier_json"}}}}""",
                """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":1}"}}}}""",
                """{"contentBlockStop":{"contentBlockIndex":0}}""",
                """{"messageStop":{"stopReason":"tool_use"}}"""),
            WireQuirks.Default with { JsonSchema = JsonSchemaSupport.None });

        Assert.Equal("""{"a":1}""", Assert.Single(steps.OfType<TextDelta>()).Text);
        Assert.Empty(steps.OfType<ToolCallStartDelta>());
        Assert.Equal(FinishReasonKind.Stop, steps.OfType<FinishDelta>().Single().Reason.Kind);
    }

    [Fact]
    public void A_page_that_a_text_is_taken_from_is_a_citation_and_a_document_stays_as_it_came()
    {
        var (steps, _) = Converse.Decode(Converse.Frames(
            """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"text":"Well."}}}""",
            """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"citation":{"title":"T","sourceContent":[{"text":"w"}],"location":{"web":{"url":"https://a.example"}}}}}}""",
            """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"citation":{"title":"D","location":{"documentPage":{"documentIndex":0,"start":1,"end":2}}}}}}""",
            """{"messageStop":{"stopReason":"end_turn"}}"""));

        var page = Assert.Single(steps.OfType<CitationDelta>());
        Assert.Equal((0, "https://a.example", "T", "w"), (page.Index, page.Citation.Url, page.Citation.Title, page.Citation.CitedText));
        Assert.Equal("citation", Assert.Single(steps.OfType<OpaqueDelta>()).Type);
        Assert.Equal("Well.", string.Concat(steps.OfType<TextDelta>().Select(step => step.Text)));
    }

    [Fact]
    public void What_Bedrocks_own_tools_do_is_no_call_to_the_caller()
    {
        var stream = Converse.Frames(
            """{"contentBlockStart":{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t","name":"nova_grounding","type":"server_tool_use"}}}}""",
            """{"contentBlockDelta":{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{}"}}}}""",
            """{"contentBlockStart":{"contentBlockIndex":1,"start":{"toolResult":{"toolUseId":"t","type":"nova_grounding_result"}}}}""",
            """{"contentBlockDelta":{"contentBlockIndex":1,"delta":{"toolResult":[{"text":"found"}]}}}""",
            """{"contentBlockDelta":{"contentBlockIndex":2,"delta":{"text":"Well."}}}""",
            """{"messageStop":{"stopReason":"end_turn"}}""");

        var (steps, _) = Converse.Decode(stream);
        using var relay = Converse.Format.Streams.CreateRelay(WireQuirks.Default, Converse.Context);
        relay.Relay(stream, new ArrayBufferWriter<byte>());

        Assert.Empty(steps.OfType<ToolCallStartDelta>());
        Assert.Equal(["toolUse", "toolUse", "toolResult", "toolResult"], steps.OfType<OpaqueDelta>().Select(step => step.Type));
        Assert.Equal("Well.", Assert.Single(steps.OfType<TextDelta>()).Text);
        Assert.False(relay.Facts.HasToolCall);
    }

    [Fact]
    public void The_relay_adds_the_cost_to_the_counts_alone()
    {
        using var relay = Converse.Format.Streams.CreateRelay(WireQuirks.Default, Converse.Context with { CostUsd = _ => 0.25m });
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(Converse.Frames(Said), output);

        var events = Converse.Events(output.WrittenSpan);
        Assert.Equal(Said[..4], events.Take(4));
        Assert.EndsWith(""","trace":{"x":1},"sommelier":{"cost_usd":0.25}}}""", events[4], StringComparison.Ordinal);
    }
}
