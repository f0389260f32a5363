using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Why a model stopped is told in the caller's dialect, and said with a warning where that has no word for it.</summary>
public sealed class FinishReasonTests
{
    private const string Gemini = """{"responseId":"g","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"x"}]},"finishReason":"WORD"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1}}""";
    private const string Anthropic = """{"id":"a","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"WORD","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""";
    private const string Bedrock = """{"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"WORD","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2},"metrics":{"latencyMs":1}}""";
    private const string Chat = """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"WORD"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private const string Ollama = """{"model":"m","created_at":"2026-11-27T00:00:00Z","message":{"role":"assistant","content":"x"},"done":true,"done_reason":"WORD","prompt_eval_count":1,"eval_count":1}""";

    private static readonly (string Format, string Body, string Word)[] Unknown =
    [
        ("gemini", Gemini, "OTHER"), ("gemini", Gemini, "NO_IMAGE"), ("gemini", Gemini, "IMAGE_OTHER"), ("gemini", Gemini, "WEIRD"), ("anthropic-messages", Anthropic, "weird"),
        ("bedrock-converse", Bedrock, "weird"), ("openai-chat", Chat, "weird"), ("ollama", Ollama, "unload"),
    ];

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["openai-chat"] = "finish_reason", ["openai-completions"] = "finish_reason", ["openai-responses"] = "status", ["anthropic-messages"] = "stop_reason", ["gemini"] = "finishReason",
        ["bedrock-converse"] = "stopReason", ["ollama"] = "done_reason",
    };

    public static TheoryData<string, string, string, string> Lost
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var (format, body, word) in Unknown)
            {
                foreach (var caller in Fields.Keys.Where(caller => caller != format))
                {
                    data.Add(caller, format, body.Replace("WORD", word, StringComparison.Ordinal), word);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Lost))]
    public void A_reason_without_a_word_is_told(string caller, string vendor, string body, string word)
    {
        var answer = Upstreams.Read(WireFormats.Get(vendor), body);
        var whole = Written(caller, answer);
        var streamed = Encoded(caller, answer);

        var field = caller.StartsWith("openai-c", StringComparison.Ordinal) ? $"choices[0].{Fields[caller]}" : Fields[caller];
        Assert.Contains(whole, warning => warning.Code == "replaced" && warning.Field == field && warning.Detail.Contains($"'{word}'", StringComparison.Ordinal));
        Assert.Contains(streamed, warning => warning.Code == "replaced" && warning.Field == Fields[caller] && warning.Detail.Contains($"'{word}'", StringComparison.Ordinal));
    }

    public static TheoryData<string, string, string> Known
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var caller in Fields.Keys)
            {
                foreach (var word in (string[])["STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY"])
                {
                    data.Add(caller, "gemini", Gemini.Replace("WORD", word, StringComparison.Ordinal));
                }

                foreach (var word in (string[])["end_turn", "stop_sequence", "max_tokens", "model_context_window_exceeded", "refusal"])
                {
                    data.Add(caller, "anthropic-messages", Anthropic.Replace("WORD", word, StringComparison.Ordinal));
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Known))]
    public void A_reason_with_a_word_is_not(string caller, string vendor, string body)
    {
        var answer = Upstreams.Read(WireFormats.Get(vendor), body);
        Assert.DoesNotContain(Written(caller, answer), static warning => warning.Code == "replaced");
        Assert.DoesNotContain(Encoded(caller, answer), static warning => warning.Code == "replaced");
    }

    [Theory]
    [InlineData("pause_turn")]
    [InlineData("compaction")]
    public void A_turn_that_goes_on_when_it_is_sent_again_is_told_so(string word)
    {
        var answer = Upstreams.Read(WireFormats.Get("anthropic-messages"), Anthropic.Replace("WORD", word, StringComparison.Ordinal));
        foreach (var caller in (string[])["openai-chat", "gemini", "bedrock-converse", "ollama"])
        {
            Assert.Contains(Written(caller, answer), warning => warning is { Code: "dropped", Field: "stop_reason" } && warning.Detail.Contains($"'{word}'", StringComparison.Ordinal));
            Assert.Contains(Encoded(caller, answer), warning => warning is { Code: "dropped", Field: "stop_reason" } && warning.Detail.Contains($"'{word}'", StringComparison.Ordinal));
        }

        var output = new ArrayBufferWriter<byte>();
        WireFormats.Get("openai-responses").Responses.Write(answer, Context, output, []);
        Assert.Contains("\"status\":\"incomplete\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTHER")]
    [InlineData("NO_IMAGE")]
    public void Googles_own_word_comes_back_as_it_was(string word)
    {
        var answer = Upstreams.Read(WireFormats.Get("gemini"), Gemini.Replace("WORD", word, StringComparison.Ordinal));
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        WireFormats.Get("gemini").Responses.Write(answer, Context, output, warnings);
        Assert.Contains($"\"finishReason\":\"{word}\"", Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
        Assert.Empty(warnings);
    }

    private static ReplyContext Context => new() { FallbackId = "f", Model = "m", Created = default, StreamUsage = true, Path = new() { Model = "m", Stream = true } };

    private static List<Warning> Written(string caller, ChatResponse answer)
    {
        var warnings = new List<Warning>();
        WireFormats.Get(caller).Responses.Write(answer, Context, new ArrayBufferWriter<byte>(), warnings);
        return warnings;
    }

    private static IReadOnlyList<Warning> Encoded(string caller, ChatResponse answer)
    {
        var writer = WireFormats.Get(caller).Streams.CreateEncoder(Context);
        foreach (var step in Sommelier.Upstream.ResponseSteps.Of(answer))
        {
            writer.Write(step, new ArrayBufferWriter<byte>());
        }

        return writer.Warnings;
    }
}
