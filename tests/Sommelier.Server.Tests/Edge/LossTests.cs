using System.Text.Json;

namespace Sommelier.Server.Tests.Edge;

/// <summary>What only its own format's providers can give: asked of nobody else, and told before anything is sent.</summary>
public sealed class LossTests
{
    private const string GeminiAnswer = """{"responseId":"g","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"Hello world!"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":5,"totalTokenCount":17}}""";
    private const string Response = """{"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"m","output":[{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello world!","annotations":[]}]}],"usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":17}}""";
    private const string Stored = """ "prompt":{"id":"pmpt_1","variables":{"city":"Bern"}},"input":"Hi" """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_prompt_that_OpenAI_keeps_is_not_left_out_for_another_vendor(bool strict)
    {
        await using var lab = await Lab.StartAsync();

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/responses", $$"""{"model":"lab/one",{{Stored}}}""", ("x-sommelier-strict", strict ? "true" : "false"));
        var error = (await Lab.JsonAsync(reply)).GetProperty("error");

        Assert.Equal((400, "prompt"), ((int)reply.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains("Send its text in 'instructions' and 'input'", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(lab.Provider.Requests);
    }

    [Fact]
    public async Task It_goes_to_whoever_of_the_plan_speaks_OpenAIs_responses()
    {
        await using var other = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await using var openAI = new FaultServer(FaultReply.Json(Response));
        await using var gateway = await StartAsync($"lab: {{ type: openai-compatible, {Own(other)} }}", $"vendor: {{ type: openai, {Own(openAI)} }}", "lab/m, vendor/m");

        using var reply = await Ask.SendAsync(gateway, HttpMethod.Post, "/v1/responses", $$"""{"model":"auto",{{Stored}}}""");

        Assert.Equal((200, "vendor/m"), ((int)reply.StatusCode, Ask.Header(reply, "x-sommelier-model")));
        Assert.Empty(other.Requests);
        using var sent = JsonDocument.Parse(Assert.Single(openAI.Requests).Body);
        Assert.Equal("pmpt_1", sent.RootElement.GetProperty("prompt").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("gemini", "\"n\":2,", true, "n", "candidateCount")]
    [InlineData("anthropic", "\"logprobs\":true,\"top_logprobs\":2,", false, "logprobs", "logprobs")]
    [InlineData("anthropic", "\"logprobs\":true,", true, "logprobs", "logprobs")]
    public async Task What_a_translated_answer_cannot_bring_is_refused_to_the_strict_and_not_paid_for_by_the_others(string type, string asked, bool streamed, string field, string theirs)
    {
        await using var vendor = new FaultServer(type == "anthropic" ? ScriptedAnswer.Anthropic.Reply(streamed) : FaultReply.Events([$"data: {GeminiAnswer}\n\n"]));
        await using var gateway = await StartAsync($"vendor: {{ type: {type}, {Own(vendor)} }}", "", "vendor/m");

        using var refused = await Ask.ChatAsync(gateway, "openai", streamed, more: asked, headers: ("x-sommelier-strict", "true"));
        Assert.Equal((400, field), ((int)refused.StatusCode, (await Lab.JsonAsync(refused)).GetProperty("error").GetProperty("param").GetString()));
        Assert.Empty(vendor.Requests);

        using var reply = await Ask.ChatAsync(gateway, "openai", streamed, more: asked);
        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Contains($"dropped:{field}", Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
        Assert.DoesNotContain(theirs, Assert.Single(vendor.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_whole_answers_are_still_translated()
    {
        await using var gemini = new FaultServer(FaultReply.Json(GeminiAnswer));
        await using var gateway = await StartAsync($"google: {{ type: gemini, {Own(gemini)} }}", "", "google/m");

        using var reply = await Ask.ChatAsync(gateway, "openai", more: "\"n\":2,", headers: ("x-sommelier-strict", "true"));

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Contains("\"candidateCount\":2", Assert.Single(gemini.Requests).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"lab/one","messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_object"},"seed":7}""", "emulated:response_format", "dropped:seed")]
    [InlineData("/v1/responses", """{"model":"lab/one","input":"Hi","text":{"format":{"type":"json_object"}},"truncation":"auto"}""", "emulated:text.format", "dropped:truncation")]
    [InlineData("/v1beta/models/lab/one:generateContent", """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"generationConfig":{"responseMimeType":"application/json","seed":7}}""", "emulated:generationConfig.responseMimeType", "dropped:generationConfig.seed")]
    [InlineData("/api/chat", """{"model":"lab/one","stream":false,"messages":[{"role":"user","content":"Hi"}],"format":"json","options":{"seed":7}}""", "emulated:format", "dropped:options.seed")]
    public async Task Warnings_and_refusals_name_a_field_as_the_caller_wrote_it(string path, string body, string emulated, string dropped)
    {
        await using var lab = await Lab.StartAsync("anthropic", script: FaultReply.Json(ScriptedAnswer.Anthropic.WholeBody.Replace("Hello world!", "{}", StringComparison.Ordinal)));

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, path, body);
        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Contains(emulated, Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
        Assert.Contains(dropped, Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);

        using var refused = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, path, body, ("x-sommelier-strict", "true"));
        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Contains(dropped["dropped:".Length..], await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Own(FaultServer server) =>
        $"base_url: '{server.Address}v1', api_key: k, only: [m], models: [{{ id: m, context: 32768, max_output: 4096, price: {{ input: 1, output: 2 }} }}]";

    private static Task<RunningGateway> StartAsync(string first, string second, string order) => RunningGateway.StartAsync(
        $$"""
        discover: false
        policies: { default: table, table: { strategy: order, order: [{{order}}] } }
        providers:
          {{first}}
          {{second}}
        """);
}
