using System.Text.Json;

namespace Sommelier.Server.Tests.Edge;

/// <summary>A JSON schema, and a provider that answers in prose: what comes of it by what is known of the model.</summary>
public sealed class FormTests
{
    private const string Schema = """{"type":"object","properties":{"year":{"type":"integer"}},"required":["year"]}""";
    private const string Form = $$$""" "response_format":{"type":"json_schema","json_schema":{"name":"wine","schema":{{{Schema}}}}},""";

    [Theory]
    [InlineData("", false, 502)]
    [InlineData("", true, 502)]
    [InlineData(", capabilities: [tools, streaming]", false, 502)]
    [InlineData(", capabilities: [tools, streaming, json_object]", false, 502)]
    [InlineData(", capabilities: [tools, streaming, json_schema]", false, 200)]
    [InlineData(", capabilities: [tools, streaming, json_schema]", true, 200)]
    public async Task Prose_is_no_answer_unless_the_model_is_said_to_keep_to_schemas(string capabilities, bool streamed, int status)
    {
        await using var provider = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed));
        await using var gateway = await StartAsync(provider, capabilities);

        using var reply = await Ask.ChatAsync(gateway, "openai", streamed, "lab/m", more: Form);
        var text = await reply.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Equal(status == 502, text.Contains("the answer is not JSON", StringComparison.Ordinal));
        Assert.Equal(status == 502, text.Contains("\"param\":\"response_format\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "json_schema", false)]
    [InlineData(", capabilities: [tools, streaming, json_schema]", "json_schema", false)]
    [InlineData(", capabilities: [tools, streaming, json_object]", "json_object", true)]
    [InlineData(", capabilities: [tools, streaming]", null, true)]
    public async Task It_is_asked_in_the_best_way_that_is_known(string capabilities, string? sent, bool emulated)
    {
        await using var provider = new FaultServer(Answering("""{"year":1999}"""));
        await using var gateway = await StartAsync(provider, capabilities);

        using var reply = await Ask.ChatAsync(gateway, "openai", model: "lab/m", more: Form);

        Assert.Equal(200, (int)reply.StatusCode);
        using var body = JsonDocument.Parse(Assert.Single(provider.Requests).Body);
        Assert.Equal(sent, body.RootElement.TryGetProperty("response_format", out var form) ? form.GetProperty("type").GetString() : null);
        Assert.Equal(emulated, body.RootElement.GetProperty("messages")[0].GetRawText().Contains("year", StringComparison.Ordinal));
        Assert.Equal(emulated, Ask.Header(reply, "x-sommelier-warnings")?.Contains("emulated:response_format", StringComparison.Ordinal) ?? false);
    }

    private static FaultReply Answering(string answer) => FaultReply.Json(
        ScriptedAnswer.OpenAI.WholeBody.Replace("\"Hello world!\"", JsonSerializer.Serialize(answer), StringComparison.Ordinal));

    private static Task<RunningGateway> StartAsync(FaultServer provider, string capabilities) => RunningGateway.StartAsync(
        $$"""
        discover: false
        providers:
          lab: { type: openai-compatible, base_url: "{{provider.Address}}v1", api_key: sk-upstream, models: [{ id: m, context: 32768{{capabilities}} }] }
        """);
}
