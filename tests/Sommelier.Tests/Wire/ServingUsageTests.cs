using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.EventStream;

namespace Sommelier.Tests.Wire;

/// <summary>What changes the price of a call beside its tokens is read off answers, whole, streamed and in passing: service tier, place, searches.</summary>
public sealed class ServingUsageTests
{
    private static readonly Usage Counts = new() { InputTokens = 10, OutputTokens = 5 };

    private const string Chat = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5},"service_tier":"TIER"}""";
    private const string Responses = """{"id":"r","object":"response","created_at":1,"status":"completed","model":"m","service_tier":"TIER","output":[{"type":"web_search_call","id":"w1","status":"completed","action":{"type":"search","query":"a"}},{"type":"web_search_call","id":"w2","status":"completed","action":{"type":"open_page","url":"https://example.com"}},{"id":"w3","type":"web_search_call","status":"completed"},{"type":"message","id":"i","status":"completed","role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]}]}],"usage":{"input_tokens":10,"output_tokens":5}}""";
    private const string Anthropic = """{"id":"a","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":5,"service_tier":"TIER","inference_geo":"us","server_tool_use":{"web_search_requests":3,"web_fetch_requests":9}}}""";
    private const string Fast = """{"id":"a","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":5,"service_tier":"standard","speed":"fast","inference_geo":"not_available"}}""";
    private const string Gemini = """{"responseId":"g","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"x"}]},"finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a","b"]}}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"NAME":"TIER"}}""";
    private const string Converse = """{"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"end_turn","usage":{"inputTokens":10,"outputTokens":5,"totalTokens":15},"metrics":{"latencyMs":1},SERVED}""";

    public static TheoryData<string, string, Usage> Wholes => new()
    {
        { "openai-chat", Told(Chat, "priority"), Counts with { ServiceTier = "priority" } },
        { "openai-chat", Told(Chat, "flex"), Counts with { ServiceTier = "flex" } },
        { "openai-chat", Told(Chat, "default"), Counts },
        { "openai-chat", Told(Chat, "on_demand"), Counts },
        { "openai-chat", Told(Chat, "Ultrafast"), Counts with { ServiceTier = "ultrafast" } },
        { "openai-responses", Told(Responses, "priority"), Counts with { ServiceTier = "priority", WebSearches = 2 } },
        { "openai-responses", Told(Responses, "default"), Counts with { WebSearches = 2 } },
        { "anthropic-messages", Told(Anthropic, "priority"), Counts with { ServiceTier = "priority", InferenceGeo = "us", WebSearches = 3 } },
        { "anthropic-messages", Told(Anthropic, "standard"), Counts with { InferenceGeo = "us", WebSearches = 3 } },
        { "anthropic-messages", Fast, Counts with { ServiceTier = "fast" } },
        { "gemini", Told(Gemini, "ON_DEMAND_PRIORITY", "trafficType"), Counts with { ServiceTier = "priority", WebSearches = 2 } },
        { "gemini", Told(Gemini, "PROVISIONED_THROUGHPUT", "trafficType"), Counts with { ServiceTier = "provisioned_throughput", WebSearches = 2 } },
        { "gemini", Told(Gemini, "ON_DEMAND", "trafficType"), Counts with { WebSearches = 2 } },
        { "gemini", Told(Gemini, "flex", "serviceTier"), Counts with { ServiceTier = "flex", WebSearches = 2 } },
        { "bedrock-converse", Served("\"serviceTier\":{\"type\":\"flex\"}"), Counts with { ServiceTier = "flex" } },
        { "bedrock-converse", Served("\"serviceTier\":{\"type\":\"default\"},\"performanceConfig\":{\"latency\":\"optimized\"}"), Counts with { ServiceTier = "optimized" } },
        { "bedrock-converse", Served("\"performanceConfig\":{\"latency\":\"standard\"}"), Counts },
    };

    [Theory]
    [MemberData(nameof(Wholes))]
    public void A_whole_answer_tells_how_it_was_served(string format, string body, Usage expected)
    {
        Assert.Equal(expected, Upstreams.Read(WireFormats.Get(format), body).Usage);
        Assert.Equal(expected, WireFormats.Get(format).Responses.Scan(Encoding.UTF8.GetBytes(body), WireQuirks.Default).Usage);
    }

    public static TheoryData<string, string, Usage> Streams => new()
    {
        {
            // The tier stands in the first chunks, the counts in the last.
            "openai-chat",
            Events("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"priority","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}""",
                """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}""", "[DONE]"),
            Counts with { ServiceTier = "priority" }
        },
        {
            // What is told last holds, the usual tier too; "auto" tells nothing.
            "openai-chat",
            Events("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"priority","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}""",
                """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"default","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}""", "[DONE]"),
            Counts
        },
        {
            "openai-chat",
            Events("""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"flex","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}""",
                """{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","service_tier":"auto","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}""", "[DONE]"),
            Counts with { ServiceTier = "flex" }
        },
        {
            "openai-responses",
            "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r\",\"object\":\"response\",\"created_at\":1,\"status\":\"in_progress\",\"model\":\"m\",\"output\":[],\"service_tier\":\"auto\"}}\n\n"
                + "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"output_index\":0,\"content_index\":0,\"item_id\":\"i\",\"delta\":\"x\"}\n\n"
                + $"event: response.completed\ndata: {{\"type\":\"response.completed\",\"sequence_number\":2,\"response\":{Told(Responses, "flex")}}}\n\n",
            Counts with { ServiceTier = "flex", WebSearches = 2 }
        },
        {
            "anthropic-messages",
            "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"a\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":1,\"service_tier\":\"standard\",\"speed\":\"fast\",\"inference_geo\":\"us\"}}}\n\n"
                + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
                + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n"
                + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
                + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":5,\"server_tool_use\":{\"web_search_requests\":2}}}\n\n"
                + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
            Counts with { ServiceTier = "fast", InferenceGeo = "us", WebSearches = 2 }
        },
        {
            // Searches are told in another chunk than the last.
            "gemini",
            Events("""{"responseId":"g","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"x"}]},"groundingMetadata":{"webSearchQueries":["a","b"]}}],"usageMetadata":{"promptTokenCount":10}}""",
                """{"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"y"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"trafficType":"ON_DEMAND_FLEX"}}"""),
            Counts with { ServiceTier = "flex", WebSearches = 2 }
        },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_tells_how_it_was_served(string format, string stream, Usage expected)
    {
        Assert.Equal(expected, Upstreams.Decode(WireFormats.Get(format), stream).Steps.OfType<UsageDelta>().Last().Usage);
        Assert.Equal(expected, Relayed(format, Encoding.UTF8.GetBytes(stream)));
    }

    [Fact]
    public void A_stream_of_frames_tells_how_it_was_served()
    {
        var frames = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteEvent("messageStart"u8, """{"role":"assistant"}"""u8, frames);
        EventStreamWriter.WriteEvent("contentBlockDelta"u8, """{"contentBlockIndex":0,"delta":{"text":"x"}}"""u8, frames);
        EventStreamWriter.WriteEvent("contentBlockStop"u8, """{"contentBlockIndex":0}"""u8, frames);
        EventStreamWriter.WriteEvent("messageStop"u8, """{"stopReason":"end_turn"}"""u8, frames);
        EventStreamWriter.WriteEvent("metadata"u8, """{"serviceTier":{"type":"priority"},"usage":{"inputTokens":10,"outputTokens":5,"totalTokens":15},"metrics":{"latencyMs":1}}"""u8, frames);
        var format = WireFormats.Get("bedrock-converse");
        using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(frames.WrittenSpan, steps);

        Assert.Equal(Counts with { ServiceTier = "priority" }, steps.OfType<UsageDelta>().Last().Usage);
        Assert.Equal(Counts with { ServiceTier = "priority" }, Relayed("bedrock-converse", frames.WrittenSpan));
    }

    [Theory]
    [InlineData("openai-chat", """{"model":"m","service_tier":"priority","messages":[{"role":"user","content":"x"}]}""", "priority")]
    [InlineData("openai-chat", """{"model":"m","service_tier":"auto","messages":[{"role":"user","content":"x"}]}""", null)]
    [InlineData("openai-responses", """{"model":"m","service_tier":"flex","input":"x"}""", "flex")]
    [InlineData("anthropic-messages", """{"model":"m","max_tokens":5,"speed":"fast","service_tier":"auto","messages":[{"role":"user","content":"x"}]}""", "fast")]
    [InlineData("gemini", """{"model":"m","serviceTier":"priority","contents":[{"parts":[{"text":"x"}]}]}""", "priority")]
    [InlineData("bedrock-converse", """{"serviceTier":{"type":"priority"},"messages":[{"role":"user","content":[{"text":"x"}]}]}""", "priority")]
    [InlineData("bedrock-converse", """{"performanceConfig":{"latency":"optimized"},"messages":[{"role":"user","content":[{"text":"x"}]}]}""", "optimized")]
    public void A_request_tells_how_it_is_to_be_served(string format, string body, string? tier) =>
        Assert.Equal(tier, WireFormats.Get(format).Requests.Outline(Encoding.UTF8.GetBytes(body), new CallPath { Model = "m", Stream = false }).ServiceTier);

    private static Usage? Relayed(string format, ReadOnlySpan<byte> stream)
    {
        using var relay = WireFormats.Get(format).Streams.CreateRelay(WireQuirks.Default, new() { FallbackId = "f", Model = "m", Created = default, StreamUsage = true });
        relay.Relay(stream, new ArrayBufferWriter<byte>());
        return relay.Facts.Usage;
    }

    private static string Events(params string[] data) => string.Concat(data.Select(static line => $"data: {line}\n\n"));

    private static string Told(string body, string tier, string name = "") => body.Replace("TIER", tier, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal);

    private static string Served(string members) => Converse.Replace("SERVED", members, StringComparison.Ordinal);
}
