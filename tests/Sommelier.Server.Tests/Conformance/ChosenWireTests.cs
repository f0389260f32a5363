namespace Sommelier.Server.Tests.Conformance;

/// <summary>Where a request goes at a provider that serves its models at several addresses.</summary>
public sealed class ChosenWireTests
{
    private const string Chat = """{"choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""";
    private const string Claude = """{"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}""";
    private const string Gemini = """{"candidates":[{"content":{"role":"model","parts":[{"text":"ok"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1}}""";
    private const string Converse = """{"output":{"message":{"role":"assistant","content":[{"text":"ok"}]}},"stopReason":"end_turn","usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}""";
    private const string Run = """{"result":{"response":"ok"},"success":true,"errors":[]}""";

    [Theory]

    // The catalog has none of them: what they are called says whose they are.
    [InlineData("vertex", "{ id: claude-new@default }", "openai", Claude, "/publishers/anthropic/models/claude-new%40default:rawPredict")]
    [InlineData("vertex", "{ id: claude-new@default }", "anthropic", Claude, "/publishers/anthropic/models/claude-new%40default:rawPredict")]
    [InlineData("vertex", "{ id: zai-org/glm-new-maas }", "openai", Chat, "/endpoints/openapi/chat/completions")]
    [InlineData("vertex", "{ id: gemini-new }", "anthropic", Gemini, "/publishers/google/models/gemini-new:generateContent")]
    [InlineData("azure", "{ id: claude-new }", "openai", Claude, "/anthropic/v1/messages")]
    [InlineData("azure", "{ id: claude-new }", "anthropic", Claude, "/anthropic/v1/messages")]
    [InlineData("azure", "{ id: our-writer, canonical: claude-opus-5-5 }", "openai", Claude, "/anthropic/v1/messages")]
    [InlineData("azure", "{ id: gpt-new }", "anthropic", Chat, "/openai/v1/chat/completions")]
    [InlineData("bedrock", "{ id: us.anthropic.claude-new-v1:0 }", "anthropic", Claude, "/model/us.anthropic.claude-new-v1%3A0/invoke")]
    [InlineData("bedrock", "{ id: openai.gpt-oss-new }", "openai", Converse, "/model/openai.gpt-oss-new/converse")]
    [InlineData("cloudflare", "{ id: '@cf/a/m' }", "openai", Chat, "/v1/chat/completions")]

    // The configuration has the last word, of models of the catalog's, too.
    [InlineData("cloudflare", "{ id: '@cf/a/m', wire: cloudflare-run }", "openai", Run, "/run/@cf/a/m")]
    [InlineData("bedrock", "{ id: openai.gpt-oss-new, wire: openai-chat }", "anthropic", Chat, "/openai/v1/chat/completions")]
    [InlineData("bedrock", "{ id: anthropic.claude-opus-4-1-20250805-v1:0, wire: bedrock-converse }", "anthropic", Converse, "/model/anthropic.claude-opus-4-1-20250805-v1%3A0/converse")]
    [InlineData("azure", "{ id: our-writer, wire: anthropic-messages }", "openai", Claude, "/anthropic/v1/messages")]
    [InlineData("vertex", "{ id: our-writer, wire: anthropic-messages }", "openai", Claude, "/publishers/anthropic/models/our-writer:rawPredict")]
    [InlineData("dify", "{ id: workflow, wire: dify }", "openai", """{"workflow_run_id":"w","task_id":"t","data":{"status":"succeeded","outputs":{"text":"ok"}}}""", "/workflows/run")]
    public async Task A_model_is_asked_where_its_maker_or_the_configuration_says(string type, string model, string dialect, string answer, string path)
    {
        await using var vendor = new FaultServer(FaultReply.Json(answer));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              p: { type: {{type}}, api_key: k, base_url: "{{vendor.Address}}", models: [{{model}}] }
            """);
        var id = model.Split("id: ")[1].Split([',', ' ', '}'])[0].Trim('\'');

        using var reply = await Ask.ChatAsync(gateway, dialect, model: $"p/{id}");

        Assert.Contains("\"ok\"", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(path, Assert.Single(vendor.Requests).Path);
    }
}
