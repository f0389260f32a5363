using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>How likely each token was, from each vendor that says so to each dialect that has a place for it, whole and streamed.</summary>
public sealed class TokenLogProbsTests
{
    private const string One = """{"token":"Grü","logprob":-0.25,"bytes":[71,114,195,188],"top_logprobs":[{"token":"Grü","logprob":-0.25,"bytes":[71,114,195,188]},{"token":"Ha","logprob":-2,"bytes":[72,97]}]}""";
    private const string Two = """{"token":"ße","logprob":-0.5,"bytes":[195,159,101],"top_logprobs":[]}""";
    private const string OneOfGoogle = """{"chosenCandidates":[{"token":"Grü","tokenId":7,"logProbability":-0.25}],"topCandidates":[{"candidates":[{"token":"Grü","tokenId":7,"logProbability":-0.25},{"token":"Ha","tokenId":8,"logProbability":-2}]}]}""";
    private const string TwoOfGoogle = """{"chosenCandidates":[{"token":"ße","logProbability":-0.5}],"topCandidates":[{}]}""";

    private static readonly string[] Formats = ["openai-chat", "openai-responses", "gemini", "ollama"];

    private static readonly Dictionary<string, string> Whole = new()
    {
        ["openai-chat"] = $$"""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Grüße"},"logprobs":{"content":[{{One}},{{Two}}],"refusal":null} }]}""",
        ["openai-responses"] = $$"""{"id":"resp_1","model":"m","status":"completed","output":[{"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Grüße","annotations":[],"logprobs":[{{One}},{{Two}}]}]}]}""",
        ["gemini"] = """{"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße"}]},"finishReason":"STOP","logprobsResult":{"chosenCandidates":[{"token":"Grü","tokenId":7,"logProbability":-0.25},{"token":"ße","logProbability":-0.5}],"topCandidates":[{"candidates":[{"token":"Grü","tokenId":7,"logProbability":-0.25},{"token":"Ha","tokenId":8,"logProbability":-2}]},{}]}}],"responseId":"r","modelVersion":"m"}""",
        ["ollama"] = $$"""{"model":"m","created_at":"2026-11-23T12:00:00Z","message":{"role":"assistant","content":"Grüße"},"done":true,"done_reason":"stop","logprobs":[{{One}},{{Two}}]}""",
    };

    private static readonly Dictionary<string, string> Streams = new()
    {
        ["openai-chat"] = Events(
            $$"""{"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Grü"},"logprobs":{"content":[{{One}}],"refusal":null} }]}""",
            $$"""{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"ße"},"logprobs":{"content":[{{Two}}],"refusal":null} }]}""",
            """{"id":"c","model":"m","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}""",
            "[DONE]"),
        ["openai-responses"] = Events(
            """{"type":"response.created","response":{"id":"resp_1","model":"m","status":"in_progress","output":[]}}""",
            """{"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","content":[]}}""",
            $$"""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Grü","logprobs":[{{One}}]}""",
            $$"""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"ße","logprobs":[{{Two}}]}""",
            $$"""{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"Grüße","logprobs":[{{One}},{{Two}}]}""",
            """{"type":"response.completed","response":{"id":"resp_1","model":"m","status":"completed","output":[],"usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2}}}"""),
        ["gemini"] = Events(
            $$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"Grü"}]},"logprobsResult":{{OneOfGoogle}} }],"responseId":"r","modelVersion":"m"}""",
            $$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"ße"}]},"finishReason":"STOP","logprobsResult":{{TwoOfGoogle}} }],"responseId":"r","modelVersion":"m"}"""),
        ["ollama"] =
            $$"""{"model":"m","created_at":"2026-11-23T12:00:00Z","message":{"role":"assistant","content":"Grü"},"done":false,"logprobs":[{{One}}]}""" + "\n"
            + $$"""{"model":"m","created_at":"2026-11-23T12:00:00Z","message":{"role":"assistant","content":"ße"},"done":false,"logprobs":[{{Two}}]}""" + "\n"
            + """{"model":"m","created_at":"2026-11-23T12:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}""" + "\n",
    };

    public static TheoryData<string, string, bool, bool> Pairs =>
        new(from vendor in Formats from caller in Formats from came in (bool[])[false, true] from goes in (bool[])[false, true] select (vendor, caller, came, goes));

    /// <summary>Also where a vendor streams what was asked for whole, and the other way round.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public void They_reach_the_caller_in_order(string vendor, string caller, bool streamed, bool asStream)
    {
        var answer = Read(vendor, streamed);
        var (bytes, warnings) = Write(caller, answer, asStream);

        Assert.Empty(warnings);
        var back = Read(WireFormats.Get(caller), bytes, asStream);
        Assert.Equal("Grüße", string.Concat(back.Parts.OfType<TextPart>().Select(part => part.Text)));
        TokenLogProbs.Take(back, writer: null, out var list);
        Assert.Equal(Tokens($"[{One},{Two}]"), Tokens(list));
    }

    [Fact]
    public void Each_piece_of_a_response_stands_by_its_own()
    {
        var text = Encoding.UTF8.GetString(Stream("openai-responses", Steps("openai-chat"), []));

        var deltas = text.Split("\n\n").Where(item => item.Contains("event: response.output_text.delta", StringComparison.Ordinal)).ToArray();
        Assert.Equal([One, Two], deltas.Select(item => Inside(item)).Where(list => list.Length > 0));
        Assert.Contains($"\"logprobs\":[{One},{Two}]", text.Split("\n\n").Single(item => item.StartsWith("event: response.output_text.done", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anthropic-messages")]
    [InlineData("bedrock-converse")]
    public void A_dialect_without_a_place_for_them_says_so(string caller)
    {
        Assert.NotEmpty(Write(caller, Read("openai-chat", streamed: false), asStream: false).Warnings);
        Assert.NotEmpty(Write(caller, Read("openai-chat", streamed: false), asStream: true).Warnings);
    }

    private static string Inside(string item)
    {
        const string Name = "\"logprobs\":[";
        var start = item.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return item[start..(item.LastIndexOf('}') is var end && item[..end].EndsWith(']') ? end - 1 : end)];
    }

    private static string Tokens(string? list)
    {
        using var json = JsonDocument.Parse(list ?? "[]");
        return string.Join(' ', json.RootElement.EnumerateArray().Select(token =>
            $"{Token(token)}[{string.Join(' ', token.GetProperty("top_logprobs").EnumerateArray().Select(Token))}]"));
    }

    private static string Token(JsonElement token) =>
        $"{token.GetProperty("token").GetString()}={token.GetProperty("logprob").GetDouble()}({string.Join(',', token.GetProperty("bytes").EnumerateArray().Select(value => value.GetByte()))})";

    private static ChatResponse Read(string vendor, bool streamed) =>
        Read(WireFormats.Get(vendor), Encoding.UTF8.GetBytes(streamed ? Streams[vendor] : Whole[vendor]), streamed);

    private static ChatResponse Read(IWireFormat wire, byte[] bytes, bool streamed)
    {
        if (!streamed)
        {
            return wire.Responses.Read(bytes, WireQuirks.Default);
        }

        var collector = new StepCollector();
        Steps(wire, bytes).ForEach(collector.Add);
        Assert.True(collector.Ended);
        return collector.Answer()!;
    }

    private static List<ChatDelta> Steps(string vendor) => Steps(WireFormats.Get(vendor), Encoding.UTF8.GetBytes(Streams[vendor]));

    private static List<ChatDelta> Steps(IWireFormat wire, byte[] bytes)
    {
        using var decoder = wire.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(bytes, steps);
        decoder.Complete(steps);
        return steps;
    }

    private static (byte[] Bytes, List<Warning> Warnings) Write(string caller, ChatResponse answer, bool asStream)
    {
        var warnings = new List<Warning>();
        if (asStream)
        {
            return (Stream(caller, ResponseSteps.Of(answer), warnings), warnings);
        }

        var output = new ArrayBufferWriter<byte>();
        WireFormats.Get(caller).Responses.Write(answer, Context, output, warnings);
        return (output.WrittenSpan.ToArray(), warnings);
    }

    private static byte[] Stream(string caller, IEnumerable<ChatDelta> steps, List<Warning> warnings)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = WireFormats.Get(caller).Streams.CreateEncoder(Context);
        foreach (var step in steps)
        {
            encoder.Write(step, output);
        }

        warnings.AddRange(encoder.Warnings);
        return output.WrittenSpan.ToArray();
    }

    private static ReplyContext Context => new() { FallbackId = "reply1", Model = "m", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    private static string Events(params string[] data) => string.Concat(data.Select(item => $"data: {item}\n\n"));
}
