using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Tests.Wire;

/// <summary>Where the texts of the last user turn stand, in every dialect of callers.</summary>
public sealed class LastUserTextsTests
{
    [Theory]
    [InlineData("openai-chat", """{"model":"m","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":"<thrée>"}],"temperature":0}""")]
    [InlineData("openai-chat", """{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"<thr>","cache_control":{"type":"ephemeral"}},{"type":"text","text":""},{"text":"<ée>","type":"text"}]},{"role":"developer","content":"four"}]}""")]
    [InlineData("openai-responses", """{"model":"m","input":"<thrée>","store":false}""")]
    [InlineData("openai-responses", """{"model":"m","input":[{"role":"user","content":"one"},{"role":"user","content":[{"type":"input_text","text":"<thrée>"}]}]}""")]
    [InlineData("anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"<thrée>"}]}]}""")]
    [InlineData("anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"<thr>"},{"role":"system","content":"four"},{"role":"user","content":[{"type":"text","text":"<ée>"}]}]}""")]
    [InlineData("anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"<thr>"},{"type":"search_result","title":"t","source":"s","content":[{"type":"text","text":"four"}]},{"type":"text","text":"<ée>"}]}]}""")]
    [InlineData("gemini", """{"contents":[{"role":"user","parts":[{"text":"<thrée>"},{"text":"four","thought":true}]}]}""")]
    [InlineData("bedrock-converse", """{"messages":[{"role":"user","content":[{"text":"<thr>"},{"guardContent":{"text":{"text":"four"}}},{"cachePoint":{"type":"default"}},{"text":"<ée>"}]}]}""")]
    [InlineData("ollama", """{"model":"m","messages":[{"role":"user","content":"<thrée>"}]}""")]
    public void They_are_those_of_the_last_turn_and_nothing_between_them(string format, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var tail = WireFormats.Get(format).Requests.Outline(bytes, new CallPath("m")).Tail;
        var texts = LastUserTexts.Of(tail, bytes).Select(range => Encoding.UTF8.GetString(bytes.AsSpan(range))).ToArray();

        Assert.Equal(body.Split('<').Skip(1).Select(piece => $"<{piece[..piece.IndexOf('>', StringComparison.Ordinal)]}>"), texts);
        Assert.Equal(tail.LastUser, string.Join('\n', texts));
    }

    [Theory]
    [InlineData("openai-chat", """{"model":"m","messages":[{"role":"system","content":"s"}]}""")]
    [InlineData("openai-completions", """{"model":"m","prompt":"one"}""")]
    public void A_body_without_such_a_turn_has_none(string format, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Empty(LastUserTexts.Of(WireFormats.Get(format).Requests.Outline(bytes, new CallPath("m")).Tail, bytes));
    }
}
