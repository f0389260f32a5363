using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Where the last user turn stands, in every dialect of callers.</summary>
public sealed class LastUserContentTests
{
    [Theory]
    [InlineData("openai-chat", """{"model":"m","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":"thrée"}],"temperature":0}""", "\"thrée\"")]
    [InlineData("openai-responses", """{"model":"m","input":"thrée","store":false}""", "\"thrée\"")]
    [InlineData("openai-responses", """{"model":"m","input":[{"role":"user","content":"one"},{"role":"user","content":[{"type":"input_text","text":"thrée"}]}]}""", """[{"type":"input_text","text":"thrée"}]""")]
    [InlineData("anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"thrée"}]}]}""", "thrée")]
    [InlineData("gemini", """{"contents":[{"role":"user","parts":[{"text":"thrée"}]}]}""", "thrée")]
    [InlineData("bedrock-converse", """{"messages":[{"role":"user","content":[{"text":"thrée"}]}]}""", "thrée")]
    [InlineData("anthropic-messages", """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"thr"},{"role":"user","content":[{"type":"text","text":"ée"}]}]}""", "thr\"},{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"ée", "thr\née")]
    [InlineData("ollama", """{"model":"m","messages":[{"role":"user","content":"thrée"}]}""", "\"thrée\"")]
    public void It_is_the_content_of_the_last_turn(string format, string body, string content, string text = "thrée")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var tail = WireFormats.Get(format).Requests.Outline(bytes, new CallPath("m")).Tail;

        Assert.Equal((content, text), (Encoding.UTF8.GetString(bytes.AsSpan(tail.LastUserContent)), tail.LastUser));
    }
}
