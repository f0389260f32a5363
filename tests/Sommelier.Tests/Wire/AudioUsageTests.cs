using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Tokens of audio, which are priced apart, are read, written and seen in passing.</summary>
public sealed class AudioUsageTests
{
    private const string ChatUsage = """{"prompt_tokens":1000,"completion_tokens":50,"total_tokens":1050,"prompt_tokens_details":{"cached_tokens":300,"audio_tokens":600},"completion_tokens_details":{"audio_tokens":20,"reasoning_tokens":10,"accepted_prediction_tokens":0}}""";
    private const string GeminiCounts = """
        {"promptTokenCount":1000,"candidatesTokenCount":40,"thoughtsTokenCount":10,"totalTokenCount":1050,"cachedContentTokenCount":300,"promptTokensDetails":[{"modality":"TEXT","tokenCount":400},{"modality":"AUDIO","tokenCount":600}],"cacheTokensDetails":[{"tokenCount":200,"modality":"AUDIO"},{"modality":"TEXT","tokenCount":100}],"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":20},{"modality":"TEXT","tokenCount":20}]}
        """;

    private static readonly Usage Chat = new() { InputTokens = 1_000, CacheReadInputTokens = 300, InputAudioTokens = 600, OutputTokens = 50, ReasoningOutputTokens = 10, OutputAudioTokens = 20 };
    private static readonly Usage Gemini = Chat with { CacheReadInputAudioTokens = 200 };

    public static TheoryData<string, string> Wholes => new()
    {
        { "openai-chat", $$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{{ChatUsage}}}""" },
        { "openai-responses", """{"id":"r","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"message","id":"i","status":"completed","role":"assistant","content":[{"type":"output_text","text":"x","annotations":[]}]}],"usage":"""
            + ChatUsage.Replace("prompt_", "input_", StringComparison.Ordinal).Replace("completion_", "output_", StringComparison.Ordinal) + "}" },
        { "gemini", $$"""{"responseId":"g","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"x"}]},"finishReason":"STOP"}],"usageMetadata":{{GeminiCounts}}}""" },
    };

    [Theory]
    [MemberData(nameof(Wholes))]
    public void A_whole_answer_tells_of_audio(string format, string body)
    {
        Assert.Equal(Of(format), Upstreams.Read(WireFormats.Get(format), body).Usage);
        Assert.Equal(Of(format), WireFormats.Get(format).Responses.Scan(Encoding.UTF8.GetBytes(body), WireQuirks.Default).Usage);
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_stream_tells_of_audio_translated_and_passed_through(string format, string stream)
    {
        var steps = Upstreams.Decode(WireFormats.Get(format), stream).Steps;
        Assert.Equal(Of(format), steps.OfType<UsageDelta>().Last().Usage);

        using var relay = WireFormats.Get(format).Streams.CreateRelay(WireQuirks.Default, new() { FallbackId = "f", Model = "m", Created = default, StreamUsage = true });
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(Encoding.UTF8.GetBytes(stream), output);
        Assert.Equal(Of(format), relay.Facts.Usage);
        Assert.Equal(stream, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    public static TheoryData<string, string> Streams => new()
    {
        {
            "openai-chat",
            """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}"""
            + "\n\n" + $$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{{ChatUsage}}}""" + "\n\ndata: [DONE]\n\n"
        },
        {
            "gemini",
            """data: {"responseId":"g","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"x"}]}}],"usageMetadata":{"promptTokenCount":1000,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":600}]}}"""
            + "\r\n\r\n" + $$"""data: {"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"y"}]},"finishReason":"STOP"}],"usageMetadata":{{GeminiCounts}}}""" + "\r\n\r\n"
        },
    };

    [Fact]
    public void The_dialects_that_have_a_place_for_audio_say_it()
    {
        var chat = Written("openai-chat", Gemini)["usage"]!;
        Assert.Equal((600, 20), ((int)chat["prompt_tokens_details"]!["audio_tokens"]!, (int)chat["completion_tokens_details"]!["audio_tokens"]!));

        var gemini = Written("gemini", Gemini)["usageMetadata"]!;
        Assert.Equal("""[{"modality":"TEXT","tokenCount":400},{"modality":"AUDIO","tokenCount":600}]""", gemini["promptTokensDetails"]!.ToJsonString());
        Assert.Equal("""[{"modality":"TEXT","tokenCount":100},{"modality":"AUDIO","tokenCount":200}]""", gemini["cacheTokensDetails"]!.ToJsonString());
        Assert.Equal("""[{"modality":"TEXT","tokenCount":20},{"modality":"AUDIO","tokenCount":20}]""", gemini["candidatesTokensDetails"]!.ToJsonString());
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("gemini")]
    public void An_answer_without_audio_does_not_speak_of_it(string format) =>
        Assert.DoesNotContain("audio", Written(format, new() { InputTokens = 5, OutputTokens = 5 }).ToJsonString(), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("null", 0)]
    [InlineData("{}", 0)]
    [InlineData("""["AUDIO",null,[{"modality":"AUDIO","tokenCount":5}]]""", 0)]
    [InlineData("""[{"modality":"AUDIO"},{"modality":["AUDIO"],"tokenCount":7},{"modality":"AUDIO","tokenCount":"7"},{"modality":"AUDIO","tokenCount":-7}]""", 0)]
    [InlineData("""[{"modality":"AUDIO","tokenCount":7,"x":{"tokenCount":1}},{"modality":"VIDEO","tokenCount":9},{"modality":"AUDIO","tokenCount":2}]""", 9)]
    [InlineData("""[{"modality":"AUDIO","tokenCount":700}]""", 100)]
    public void Odd_lists_of_modalities_are_held_to_sense(string list, long audio)
    {
        var body = $$$"""{"candidates":[{"content":{"role":"model","parts":[{"text":"x"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokensDetails":{{{list}}},"promptTokenCount":100,"candidatesTokenCount":1}}""";
        Assert.Equal(new Usage { InputTokens = 100, InputAudioTokens = audio, OutputTokens = 1 }, Upstreams.Read(WireFormats.Get("gemini"), body).Usage);
    }

    [Fact]
    public void Audio_outside_the_details_belongs_to_neither_side()
    {
        var body = """{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"prompt_tokens_details":{"cached_tokens":0},"audio_tokens":4,"completion_tokens":1}}""";
        Assert.Equal(new Usage { InputTokens = 9, OutputTokens = 1 }, Upstreams.Read(WireFormats.Get("openai-chat"), body).Usage);
    }

    private static Usage Of(string format) => format == "gemini" ? Gemini : Chat;

    private static JsonNode Written(string format, Usage usage)
    {
        var output = new ArrayBufferWriter<byte>();
        var answer = new ChatResponse { Id = "a", ResponseModel = "m", Parts = [new TextPart("x")], FinishReason = new(FinishReasonKind.Stop), Usage = usage };
        WireFormats.Get(format).Responses.Write(answer, new() { FallbackId = "f", Model = "m", Created = default }, output, []);
        return JsonNode.Parse(output.WrittenSpan)!;
    }
}
