using System.Net;
using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Edge;

/// <summary><c>POST /v1/responses/compact</c>: passed on to who can, refused with the remedy for who cannot.</summary>
public sealed class CompactionTests
{
    private const string Path = "/v1/responses/compact";

    private const string Compacted =
        """{"id":"resp_9","object":"response.compaction","created_at":1780000000,"output":[{"type":"message","id":"msg_1","role":"user","content":[{"type":"input_text","text":"First"}]},{"type":"compaction","id":"cmp_1","encrypted_content":"c2VhbGVk"}],"usage":{"input_tokens":100,"input_tokens_details":{"cached_tokens":0},"output_tokens":20,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":120},"new_field":1.50}""";

    private const string Answered =
        """{"id":"resp_1","object":"response","created_at":1780000000,"status":"completed","model":"one","output":[{"type":"message","id":"msg_2","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hi","annotations":[]}]}],"usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}""";

    [Fact]
    public async Task It_is_passed_on_byte_by_byte_and_recorded()
    {
        await using var lab = await StartAsync(FaultReply.Json(Compacted));

        using var reply = await Ask.SendAsync(
            lab.Gateway, HttpMethod.Post, Path, """{"model":"vendor/one","input":[{"role":"user","content":"First"}],"prompt_cache_key":"k","sommelier":{"strict":true}}""");

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(Compacted, await reply.Content.ReadAsStringAsync());
        var sent = Assert.Single(lab.Vendor.Requests);
        Assert.Equal("/v1/responses/compact", sent.Path);
        Assert.Equal("""{"model":"one","input":[{"role":"user","content":"First"}],"prompt_cache_key":"k"}""", sent.Body);
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));
        Assert.Equal((100L, 20L, 140_000L), (entry.Attempts[0].Usage!.Value.InputTokens, entry.Attempts[0].Usage!.Value.OutputTokens, entry.Attempts[0].CostNanoUsd));
    }

    [Fact]
    public async Task An_earlier_answer_is_written_out_before()
    {
        await using var lab = await StartAsync(FaultReply.Json(Answered), FaultReply.Json(Compacted));
        using var first = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/responses", """{"model":"vendor/one","input":"First"}""");
        var id = (await Lab.JsonAsync(first)).GetProperty("id").GetString();
        await lab.Gateway.EntriesAsync(1);

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, $$"""{"model":"vendor/one","previous_response_id":"{{id}}"}""");

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var sent = JsonNode.Parse(lab.Vendor.Requests[^1].Body)!;
        Assert.Null(sent["previous_response_id"]);
        Assert.Equal(["First", "Hi"], sent["input"]!.AsArray().Select(item => item!["content"] is JsonArray parts ? parts[0]!["text"]!.GetValue<string>() : item["content"]!.GetValue<string>()));

        // It is no answer that could be gone on with.
        using var kept = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/responses/resp_9");
        Assert.Equal(HttpStatusCode.NotFound, kept.StatusCode);
    }

    [Theory]
    [InlineData("chat/one", "chat/one makes no compaction")]
    [InlineData("claude/one", "claude/one makes no compaction")]
    public async Task Who_does_not_speak_responses_is_not_asked(string model, string told)
    {
        await using var lab = await StartAsync(FaultReply.Json(Compacted));

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, $$"""{"model":"{{model}}","input":"First"}""");

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        var error = (await Lab.JsonAsync(reply)).GetProperty("error");
        Assert.Equal("model", error.GetProperty("param").GetString());
        Assert.Contains(told, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("Name a model of a provider", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(lab.Vendor.Requests);
    }

    [Fact]
    public async Task A_server_of_responses_that_has_no_compaction_loses_nothing_by_it()
    {
        await using var lab = await StartAsync(FaultReply.Error(404, """{"detail":"Not Found"}"""), FaultReply.Json(Answered));

        for (var time = 0; time < 2; time++)
        {
            using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, """{"model":"vendor/one","input":"First"}""");
            Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
            Assert.Contains("vendor/one makes no compaction", (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        // It was asked once, and is not paused.
        Assert.Single(lab.Vendor.Requests);
        using var answer = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/v1/responses", """{"model":"vendor/one","input":"First"}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"vendor/one","input":"First","stream":true}""", "stream")]
    [InlineData("""{"model":"vendor/one"}""", "input")]
    [InlineData("""{"input":"First"}""", "model")]
    public async Task A_wrong_request_is_told_so(string body, string field)
    {
        await using var lab = await StartAsync(FaultReply.Json(Compacted));

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, Path, body);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Equal(field, (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("param").GetString());
    }

    private static async Task<CompactionLab> StartAsync(params FaultReply[] script)
    {
        var vendor = new FaultServer(script);
        const string model = "models: [{ id: one, context: 32768, max_output: 4096, price: { input: 1, output: 2 } }]";
        return new(vendor, await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              vendor: { type: openai, base_url: "{{vendor.Address}}v1", api_key: k, only: [one], {{model}} }
              chat: { type: openai-compatible, base_url: "{{vendor.Address}}v1", api_key: k, {{model}} }
              claude: { type: anthropic, base_url: "{{vendor.Address}}", api_key: k, only: [one], {{model}} }
            """));
    }

    private sealed record CompactionLab(FaultServer Vendor, RunningGateway Gateway) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Vendor.DisposeAsync();
        }
    }
}
