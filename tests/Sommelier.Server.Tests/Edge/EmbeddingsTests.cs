using System.Globalization;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Vectors over HTTP: headers, ledger, metrics, fallback between a model's providers, errors in each dialect.</summary>
public sealed class EmbeddingsTests
{
    private const string Answer = """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,-0.25]}],"model":"vectors-1","usage":{"prompt_tokens":1000,"total_tokens":1000}}""";

    private static readonly FaultReply Down = FaultReply.Error(503, """{"error":{"message":"Overloaded."}}""");

    public static TheoryData<string, string> Dialects => new()
    {
        { "/v1/embeddings", """{"model":"MODEL","input":"a cat"}""" },
        { "/v1beta/models/MODEL:embedContent", """{"content":{"parts":[{"text":"a cat"}]}}""" },
        { "/v1beta/models/MODEL:batchEmbedContents", """{"requests":[{"content":{"parts":[{"text":"a cat"}]}}]}""" },
        { "/v1/models/MODEL:embedContent", """{"content":{"parts":[{"text":"a cat"}]}}""" },
        { "/v1beta1/projects/p/locations/l/publishers/google/models/MODEL:predict", """{"instances":[{"content":"a cat"}],"parameters":{"autoTruncate":false}}""" },
        { "/api/embed", """{"model":"MODEL","input":"a cat"}""" },
        { "/api/embeddings", """{"model":"MODEL","prompt":"a cat"}""" },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Headers_and_ledger_say_who_served_and_what_it_cost(string path, string body)
    {
        await using var lab = await Vectors.StartAsync([FaultReply.Json(Answer)], [Down]);

        using var reply = await lab.AskAsync(path, body, "one/vectors");
        var text = await reply.Content.ReadAsStringAsync();
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));

        Assert.True(reply.IsSuccessStatusCode, text);
        Assert.Contains("[0.5,-0.25]", text, StringComparison.Ordinal);
        Assert.Equal(entry.RequestId, Ask.Header(reply, "x-sommelier-request-id"));
        Assert.Equal("one/vectors", Ask.Header(reply, "x-sommelier-model"));
        Assert.Equal("balanced", Ask.Header(reply, "x-sommelier-policy"));
        Assert.Equal("pinned", Ask.Header(reply, "x-sommelier-reason"));
        Assert.Equal("0.0001", Ask.Header(reply, "x-sommelier-cost-usd"));
        Assert.Null(Ask.Header(reply, "x-sommelier-intent"));
        Assert.Equal((path.Replace("MODEL", "one/vectors", StringComparison.Ordinal), 200, (Canonical.Intent?)null), (Uri.UnescapeDataString(entry.Endpoint), entry.Status, entry.Intent));
        Assert.Equal((1000L, 0L, false), (entry.Attempts[0].Usage!.Value.InputTokens, entry.Attempts[0].Usage!.Value.OutputTokens, entry.Attempts[0].Usage!.Value.Estimated));
        Assert.Equal(0.0001m, NanoUsd.ToUsd(entry.Attempts[0].CostNanoUsd));
        Assert.Equal("vectors-1", entry.Attempts[0].ResponseModel);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Vectors_are_given_again_from_the_cache(string path, string body)
    {
        await using var lab = await Vectors.StartAsync([FaultReply.Json(Answer)], [Down]);
        body = string.Concat(body.AsSpan(0, body.Length - 1), ",\"sommelier\":{\"cache\":true}}");

        using var first = await lab.AskAsync(path, body, "one/vectors");
        var text = await first.Content.ReadAsStringAsync();
        using var second = await lab.AskAsync(path, body, "one/vectors");

        Assert.Equal(text, await second.Content.ReadAsStringAsync());
        Assert.Equal("hit", Ask.Header(second, "x-sommelier-cache"));
        Assert.Single(lab.First.Requests);
    }

    [Fact]
    public async Task Another_provider_of_the_same_model_takes_over_and_another_model_never()
    {
        await using var lab = await Vectors.StartAsync([Down], [FaultReply.Json(Answer)]);

        using var reply = await lab.AskAsync("/v1/embeddings", """{"model":"MODEL","input":"a cat"}""", "vectors");
        await reply.Content.ReadAsStringAsync();
        var entry = Assert.Single(await lab.Gateway.EntriesAsync(1));

        Assert.Equal(("two/vectors", "fallback", "2"), (Ask.Header(reply, "x-sommelier-model"), Ask.Header(reply, "x-sommelier-reason"), Ask.Header(reply, "x-sommelier-attempts")));
        Assert.Equal(["one/vectors", "two/vectors"], entry.Attempts.Select(attempt => attempt.DeploymentId));

        using var none = await lab.AskAsync("/v1/embeddings", """{"model":"MODEL","input":"a cat","sommelier":{"fallback":true}}""", "one/others");
        Assert.Equal(503, (int)none.StatusCode);
        Assert.Equal("1", Ask.Header(none, "x-sommelier-attempts"));
    }

    [Fact]
    public async Task A_decision_for_vectors_read_back_decides_the_same_again()
    {
        await using var lab = await Vectors.StartAsync([FaultReply.Json(Answer)], [Down]);
        using var reply = await lab.AskAsync("/v1/embeddings", """{"model":"MODEL","input":"a cat"}""", "vectors");
        await lab.Gateway.EntriesAsync(1);

        using var read = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/decisions/" + Ask.Header(reply, "x-sommelier-request-id"));
        var record = RouteRecord.Read(await read.Content.ReadAsByteArrayAsync(), lab.Gateway.Gateway.Snapshot.Catalog);
        var again = ModelRouter.Decide(record.Query);

        Assert.Equal(record.Id, again.Id);
        Assert.Equal(["one/vectors", "two/vectors"], again.Plan.Select(candidate => candidate.Deployment.Id));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task What_is_wrong_is_told_in_the_callers_dialect(string path, string body)
    {
        await using var lab = await Vectors.StartAsync([Down], [Down]);

        foreach (var (model, status, words) in (IEnumerable<(string, int, string)>)
        [
            ("auto", 400, "cannot be compared"),
            ("one/chat", 400, "not an embedding model"),
            ("nothing", 404, "There is no model"),
            ("one/others", 503, "unavailable"),
        ])
        {
            using var reply = await lab.AskAsync(path, body, model);
            var error = (await Lab.JsonAsync(reply)).GetProperty("error");
            var message = error.ValueKind == System.Text.Json.JsonValueKind.String ? error.GetString() : error.GetProperty("message").GetString();

            Assert.Equal(status, (int)reply.StatusCode);
            Assert.Contains(words, message, StringComparison.Ordinal);
            Assert.Equal(path.StartsWith("/api/", StringComparison.Ordinal), error.ValueKind == System.Text.Json.JsonValueKind.String);
            Assert.Equal(path.Contains(':', StringComparison.Ordinal), error.ValueKind == System.Text.Json.JsonValueKind.Object && error.TryGetProperty("status", out _));
        }
    }

    [Fact]
    public async Task A_vendors_refusal_of_the_request_comes_back_word_for_word()
    {
        await using var lab = await Vectors.StartAsync([FaultReply.Error(400, """{"error":{"message":"dimensions is too large.","type":"invalid_request_error","param":"dimensions","code":null}}""")], [Down]);

        using var reply = await lab.AskAsync("/v1/embeddings", """{"model":"MODEL","input":"a cat","dimensions":99999}""", "vectors");
        var error = (await Lab.JsonAsync(reply)).GetProperty("error");

        Assert.Equal((400, "dimensions is too large.", "dimensions"), ((int)reply.StatusCode, error.GetProperty("message").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(lab.Second.Requests);
    }

    [Fact]
    public async Task Calls_for_vectors_are_measured_as_such()
    {
        await using var lab = await Vectors.StartAsync([FaultReply.Json(Answer)], [Down]);
        using var reply = await lab.AskAsync("/v1/embeddings", """{"model":"MODEL","input":"a cat"}""", "vectors");
        await lab.Gateway.EntriesAsync(1);

        using var metrics = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/metrics");
        var lines = (await metrics.Content.ReadAsStringAsync()).Split('\n');

        foreach (var name in (string[])["gen_ai_server_request_duration_seconds_count", "gen_ai_client_operation_duration_seconds_count", "gen_ai_client_token_usage_count"])
        {
            Assert.Contains(lines, line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains("gen_ai_operation_name=\"embeddings\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Requests_for_vectors_do_not_stick_to_the_provider_of_the_last()
    {
        await using var lab = await Vectors.StartAsync([Down, FaultReply.Json(Answer)], [FaultReply.Json(Answer)]);
        using var first = await lab.AskAsync("/v1/embeddings", """{"model":"MODEL","input":"a cat"}""", "vectors");
        using var second = await lab.AskAsync("/v1/embeddings", """{"model":"MODEL","input":"a dog"}""", "vectors");

        Assert.Equal(("two/vectors", "one/vectors"), (Ask.Header(first, "x-sommelier-model"), Ask.Header(second, "x-sommelier-model")));
    }

    [Fact]
    public async Task Anthropics_list_leaves_out_what_only_embeds()
    {
        await using var lab = await Vectors.StartAsync([Down], [Down]);

        using var anthropic = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models?limit=1000", headers: ("anthropic-version", "2023-06-01"));
        using var openAI = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models");

        Assert.DoesNotContain("vectors", await anthropic.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"one/vectors\"", await openAI.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_POST_is_taken()
    {
        await using var lab = await Vectors.StartAsync([Down], [Down]);

        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/embeddings");

        Assert.Equal(405, (int)reply.StatusCode);
    }

    /// <summary>A gateway before two scripted providers, <c>one</c> and <c>two</c>, of the same embedding model at 0.1 and 0.2 USD per million, each with others too.</summary>
    private sealed class Vectors : IAsyncDisposable
    {
        private Vectors(FaultServer first, FaultServer second, RunningGateway gateway) => (First, Second, Gateway) = (first, second, gateway);

        public FaultServer First { get; }

        public FaultServer Second { get; }

        public RunningGateway Gateway { get; }

        public static async Task<Vectors> StartAsync(FaultReply[] first, FaultReply[] second)
        {
            var one = new FaultServer(first);
            var two = new FaultServer(second);
            string Provider(FaultServer server, string price, string more) => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{ type: openai-compatible, base_url: "{{server.Address}}v1", api_key: sk-upstream, models: [{ id: vectors, kind: embedding, context: 8192, price: { input: {{price}}, output: 0 } }, {{more}}] }""");
            var gateway = await RunningGateway.StartAsync(
                $$"""
                discover: false
                resilience: { max_attempts_per_deployment: 1 }
                providers:
                  one: {{Provider(one, "0.1", "{ id: others, kind: embedding }, { id: chat }")}}
                  two: {{Provider(two, "0.2", "{ id: more, kind: embedding }")}}
                """);
            return new(one, two, gateway);
        }

        public Task<HttpResponseMessage> AskAsync(string path, string body, string model) => Ask.SendAsync(
            Gateway, HttpMethod.Post, path.Replace("MODEL", model, StringComparison.Ordinal), body.Replace("MODEL", model, StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
