using System.Text.Json;
using Sommelier.Server.Cli;
using Sommelier.Upstream.Simulation;

namespace Sommelier.Server.Tests.Edge;

/// <summary>What <c>demo</c> serves: every reply says that it is invented, and has the form that was asked for.</summary>
public sealed class SimulatedTests
{
    private const string Configuration = "discover: false\nproviders: { openai: { api_key: simulated }, anthropic: { api_key: simulated } }";

    [Theory]
    [InlineData("openai", "openai/gpt-6-luna", false)]
    [InlineData("openai", "anthropic/claude-opus-5-5", true)]
    [InlineData("anthropic", "openai/gpt-6-luna", true)]
    [InlineData("anthropic", "auto", false)]
    public async Task Answers_are_marked(string dialect, string model, bool streamed)
    {
        await using var gateway = await StartAsync();

        using var reply = await Ask.ChatAsync(gateway, dialect, streamed, model);
        var text = await reply.Content.ReadAsStringAsync();
        var entry = Assert.Single(await gateway.EntriesAsync(1));

        Assert.Equal(200, (int)reply.StatusCode);
        Assert.Equal("true", Ask.Header(reply, "x-sommelier-simulated"));
        Assert.True(entry.Simulated);
        Assert.Contains(streamed ? dialect == "openai" ? "data: [DONE]" : "event: message_stop" : "imulated", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_gets_JSON_and_a_forced_tool_gets_called()
    {
        await using var gateway = await StartAsync();
        const string Schema = "{\"type\":\"object\",\"properties\":{\"year\":{\"type\":\"integer\"}},\"required\":[\"year\"],\"additionalProperties\":false}";

        using var structured = await Ask.ChatAsync(gateway, "openai", model: "openai/gpt-6-luna", more: $"\"response_format\":{{\"type\":\"json_schema\",\"json_schema\":{{\"name\":\"wine\",\"strict\":true,\"schema\":{Schema}}}}},");
        using var called = await Ask.ChatAsync(gateway, "openai", model: "openai/gpt-6-luna", more: $"\"tools\":[{{\"type\":\"function\",\"function\":{{\"name\":\"taste\",\"parameters\":{Schema}}}}}],\"tool_choice\":\"required\",");

        using var json = JsonDocument.Parse(Message(await Lab.JsonAsync(structured)).GetProperty("content").GetString()!);
        Assert.Equal(JsonValueKind.Number, json.RootElement.GetProperty("year").ValueKind);
        Assert.Equal("taste", Message(await Lab.JsonAsync(called)).GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_older_functions_are_called_in_the_older_way(bool streamed)
    {
        await using var gateway = await StartAsync();

        using var called = await Ask.ChatAsync(gateway, "openai", streamed, "openai/gpt-6-luna", more: "\"functions\":[{\"name\":\"taste\"}],\"function_call\":{\"name\":\"taste\"},");
        var text = await called.Content.ReadAsStringAsync();

        Assert.Contains("\"function_call\":{\"name\":\"taste\"", text, StringComparison.Ordinal);
        Assert.Contains("\"finish_reason\":\"function_call\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tool_calls", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deepseek/deepseek-v4-pro", "json_schema")]
    [InlineData("openai/gpt-5.4-pro", "json_schema")]
    [InlineData("openai/gpt-5.4-pro", "json_object")]
    [InlineData("anthropic/claude-opus-5-5", "json_object")]
    public async Task So_does_a_form_that_is_asked_for_in_words(string model, string form)
    {
        await using var gateway = await StartAsync(", deepseek: { api_key: simulated }");
        const string Schema = "{\"type\":\"object\",\"properties\":{\"year\":{\"type\":\"integer\"}},\"required\":[\"year\"]}";

        using var reply = await Ask.ChatAsync(gateway, "openai", model: model, more: form == "json_object"
            ? "\"response_format\":{\"type\":\"json_object\"},"
            : $"\"response_format\":{{\"type\":\"json_schema\",\"json_schema\":{{\"name\":\"wine\",\"description\":\"One wine.\",\"schema\":{Schema}}}}},");

        using var json = JsonDocument.Parse(Message(await Lab.JsonAsync(reply)).GetProperty("content").GetString()!);
        Assert.Equal(form == "json_schema", json.RootElement.TryGetProperty("year", out _));
        Assert.Contains("emulated:response_format", Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai/text-embedding-3-small")]
    [InlineData("gemini/gemini-embedding-001")]
    [InlineData("vertex/gemini-embedding-001")]
    public async Task Vectors_are_invented_too_and_the_same_for_the_same_text(string model)
    {
        await using var gateway = await StartAsync(", gemini: { api_key: simulated }, vertex: { api_key: simulated, settings: { project: p } }");

        using var reply = await Ask.SendAsync(gateway, HttpMethod.Post, "/v1/embeddings", $$"""{"model":"{{model}}","input":["a","b","a"],"dimensions":8}""");
        var vectors = (await Lab.JsonAsync(reply)).GetProperty("data").EnumerateArray().Select(item => item.GetProperty("embedding").GetRawText()).ToArray();

        Assert.Equal("true", Ask.Header(reply, "x-sommelier-simulated"));
        Assert.Equal(vectors[0], vectors[2]);
        Assert.NotEqual(vectors[0], vectors[1]);
        Assert.Equal(7, vectors[0].Count(letter => letter == ','));
    }

    // A seed whose first answers are not among the simulated refusals.
    private static async Task<RunningGateway> StartAsync(string more = "")
    {
        var gateway = await RunningGateway.StartAsync(Configuration.Replace(" } }", $" }}{more} }}", StringComparison.Ordinal), new SimulatedHandler(TimeProvider.System, 1));
        gateway.Gateway.Swap(DemoCommand.Simulate(gateway.Gateway.Snapshot));
        return gateway;
    }

    private static JsonElement Message(JsonElement completion) => completion.GetProperty("choices")[0].GetProperty("message");
}
