using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.EventStream;

namespace Sommelier.Tests.Wire.Properties;

/// <summary>A stream that is passed on as it is costs no memory per event, in any format, wherever the network cuts it.</summary>
public sealed class PassThroughAllocationTests
{
    private const int Rounds = 400;

    // Events as vendors send them in the middle of a stream; what begins a stream stands first and is relayed once.
    private static readonly Dictionary<string, (string Head, string[] Events)> Streams = new(StringComparer.Ordinal)
    {
        ["openai-chat"] = (
            Data("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}]}"""),
            [
                Data("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m-1","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" a \"word\""},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"x1y2"}"""),
                Data("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[{"index":0,"delta":{"reasoning_content":"Hm."},"finish_reason":null}],"usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":4}}}"""),
                Data("""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"ci"}}]},"finish_reason":null}],"x_groq":{"id":"r"}}"""),
                ": still working\n\n",
            ]),
        ["openai-responses"] = (
            Named("response.created", """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"m-1","output":[]}}"""),
            [
                Named("response.output_text.delta", """{"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":0,"content_index":0,"delta":" a \"word\"","logprobs":[],"obfuscation":"x1y2"}"""),
                Named("response.function_call_arguments.delta", """{"type":"response.function_call_arguments.delta","sequence_number":6,"item_id":"fc_1","output_index":1,"delta":"{\"ci"}"""),
                Named("response.reasoning_summary_text.delta", """{"type":"response.reasoning_summary_text.delta","sequence_number":7,"item_id":"rs_1","output_index":2,"summary_index":0,"delta":"Hm."}"""),
                Named("response.web_search_call.searching", """{"type":"response.web_search_call.searching","sequence_number":8,"item_id":"ws_1","output_index":3}"""),
            ]),
        ["anthropic-messages"] = (
            Named("message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m-1","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1}}}""")
            + Named("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
            [
                Named("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" a \"word\""}}"""),
                Named("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}"""),
                Named("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2VhbA=="}}"""),
                Named("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"ci"}}"""),
                Named("ping", """{"type":"ping"}"""),
            ]),
        ["gemini"] = (
            Google("""{"candidates":[{"content":{"parts":[{"text":"So"}],"role":"model"},"index":0}],"modelVersion":"m-1","responseId":"r-1"}"""),
            [
                Google("""{"candidates":[{"content":{"parts":[{"text":" a \"word\""}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":3,"totalTokenCount":13,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10}]},"modelVersion":"m-1","responseId":"r-1"}"""),
                Google("""{"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true}],"role":"model"},"index":0}],"responseId":"r-1"}"""),
                Google("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"city":"Seoul"}}}],"role":"model"},"index":0}],"modelVersion":"m-1"}"""),
                Google("""{"candidates":[{"content":{"parts":[{"text":"x"}],"role":"model"},"finishReason":"STOP","index":0}],"modelVersion":"m-1","responseId":"r-1"}"""),
            ]),
        ["ollama"] = (
            "",
            [
                """{"model":"m-1","created_at":"2026-11-01T10:00:00.1Z","message":{"role":"assistant","content":" a \"word\""},"done":false}""" + "\n",
                """{"model":"m-1","created_at":"2026-11-01T10:00:00.2Z","message":{"role":"assistant","content":"","thinking":"Hm."},"done":false}""" + "\n",
                """{"model":"m-1","created_at":"2026-11-01T10:00:00.3Z","message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"city":"Seoul"}}}]},"done":false}""" + "\n",
            ]),
        ["bedrock-converse"] = (
            Frame("messageStart", """{"p":"abc","role":"assistant"}"""),
            [
                Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":" a \"word\""},"p":"abcdefgh"}"""),
                Frame("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Hm."}},"p":"ab"}"""),
                Frame("contentBlockDelta", """{"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"ci"}},"p":"a"}"""),
                Frame("contentBlockStop", """{"contentBlockIndex":0,"p":"abcd"}"""),
            ]),
    };

    public static TheoryData<string, int> Cases => new(
        from stream in (string[])["openai-chat", "openai-responses", "anthropic-messages", "anthropic-messages in frames", "gemini", "gemini as an array", "ollama", "bedrock-converse"]
        from piece in (int[])[int.MaxValue, 97, 7]
        select (stream, piece));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_relayed_event_allocates_nothing(string stream, int piece)
    {
        var format = stream.Split(' ')[0];
        var (head, events) = Streams[format];
        var framed = stream.EndsWith("frames", StringComparison.Ordinal);
        var context = new ReplyContext
        {
            FallbackId = "reply1",
            Model = "model-1",
            Created = DateTimeOffset.UnixEpoch,
            StreamUsage = true,
            CostUsd = _ => null,
            Path = stream.EndsWith("array", StringComparison.Ordinal) ? new CallPath("m", true, CallPath.JsonArray) : default,
        };
        using var relay = WireFormats.Get(format).Streams.CreateRelay(new WireQuirks { FramedEvents = framed }, context);
        var output = new ArrayBufferWriter<byte>(1 << 16);
        var bodies = Array.ConvertAll(events, item => Latin(framed ? Framed(item) : item));
        relay.Relay(Latin(framed ? string.Concat(Items(head).Select(Framed)) : head), output);
        Relay(relay, bodies, piece, output);

        // The runtime itself allocates once in a while, when it compiles a method anew; what a relay allocates it does every time.
        var allocated = Enumerable.Range(0, 3).Select(_ => Allocated(relay, bodies, piece, output)).ToArray();

        Assert.Contains(0, allocated);
        Assert.True(output.WrittenCount > 0);
        Assert.Null(relay.Failure);
        Assert.True(relay.HasContent);
    }

    private static long Allocated(StreamRelay relay, byte[][] events, int piece, ArrayBufferWriter<byte> output)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            Relay(relay, events, piece, output);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Relay(StreamRelay relay, byte[][] events, int piece, ArrayBufferWriter<byte> output)
    {
        output.ResetWrittenCount();
        foreach (var item in events)
        {
            for (var at = 0; at < item.Length; at += piece == int.MaxValue ? item.Length : piece)
            {
                relay.Relay(item.AsSpan(at, Math.Min(piece, item.Length - at)), output);
            }
        }
    }

    private static string Data(string json) => $"data: {json}\n\n";

    private static string Google(string json) => $"data: {json}\r\n\r\n";

    private static string Named(string name, string json) => $"event: {name}\n{Data(json)}";

    private static IEnumerable<string> Items(string stream) => stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

    private static string Frame(string type, string json)
    {
        var output = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteEvent(Latin(type), Latin(json), output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    // As Bedrock's InvokeModel puts Anthropic's events into frames.
    private static string Framed(string item) =>
        Frame("chunk", $$"""{"bytes":"{{Convert.ToBase64String(Latin(item[(item.IndexOf("data: ", StringComparison.Ordinal) + 6)..].TrimEnd()))}}","p":"abc"}""");

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);
}
