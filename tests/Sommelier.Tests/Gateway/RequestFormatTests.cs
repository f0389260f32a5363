using System.Text;
using Sommelier.Gateway;
using Sommelier.Wire;

namespace Sommelier.Tests.Gateway;

public sealed class RequestFormatTests
{
    [Theory]
    [InlineData("openai-chat", """{"model":"auto","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("openai-chat", """{"model":"auto","messages":[{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"1"}]}""")]
    [InlineData("openai-responses", """{"model":"auto","input":"Hi"}""")]
    [InlineData("openai-responses", """{"model":"auto","instructions":"Be brief.","input":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("anthropic-messages", """{"model":"auto","max_tokens":9,"system":"Be brief.","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("anthropic-messages", """{"model":"auto","max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]}]}""")]
    [InlineData("gemini", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""")]
    [InlineData("gemini", """{"model":"models/auto","contents":[{"parts":[{"text":"Hi"}]}],"systemInstruction":{"parts":[{"text":"Be brief."}]}}""")]
    [InlineData("bedrock-converse", """{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}""")]
    [InlineData("bedrock-converse", """{"system":[{"text":"Be brief."}],"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":9}}""")]
    [InlineData("ollama", """{"model":"auto","options":{"num_ctx":4096},"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("ollama", """{"model":"auto","messages":[{"role":"user","content":"Hi","images":["AA=="]}]}""")]
    [InlineData("ollama", """{"model":"auto","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{}}}]},{"role":"tool","tool_name":"f","content":"1"}]}""")]
    [InlineData("ollama-generate", """{"model":"auto","system":"Be brief.","prompt":"Hi"}""")]
    public void A_body_tells_its_format_and_can_be_read_as_that(string expected, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        var (format, path) = RequestFormat.Of(bytes);

        Assert.Equal(expected, format.Name);
        Assert.Equal("auto", format.Requests.Outline(bytes, path).Model);
    }

    [Theory]
    [InlineData("""{"model":"gemini/x","contents":[{"parts":[{"text":"Hi"}]}]}""", "gemini/x")]
    [InlineData("""{"modelId":"bedrock/x","messages":[{"role":"user","content":[{"text":"Hi"}]}]}""", "bedrock/x")]
    public void A_model_that_stands_in_the_body_all_the_same_is_taken(string body, string model) =>
        Assert.Equal(model, RequestFormat.Of(Encoding.UTF8.GetBytes(body)).Path.Model);

    [Theory]
    [InlineData("""{"model":"auto","messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"model\":")]
    public void What_bears_no_mark_is_read_as_the_caller_speaks(string body)
    {
        var anthropic = WireFormats.Get("anthropic-messages");

        Assert.Same(anthropic, RequestFormat.Of(Encoding.UTF8.GetBytes(body), anthropic).Format);
        Assert.Equal("openai-chat", RequestFormat.Of(Encoding.UTF8.GetBytes(body)).Format.Name);
    }
}
