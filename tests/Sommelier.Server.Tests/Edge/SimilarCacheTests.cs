using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Catalog;
using Sommelier.Ledger;

namespace Sommelier.Server.Tests.Edge;

/// <summary>Answers to requests that say almost the same: who gets them, what the search costs, and what is never taken for the same.</summary>
public sealed class SimilarCacheTests : IAsyncLifetime
{
    // What the embedder makes of a turn; of any other one 1, 0, 0.
    private static readonly Dictionary<string, string> Vectors = new(StringComparer.Ordinal)
    {
        ["How do I reset my password?"] = "[3,4,0]",
        ["how can I reset the password"] = "[3.3,4,0.2]",
        ["how can I not reset the password"] = "[3.3,4,0.2]",
        ["How do I close my account?"] = "[0,1,1]",
        ["How long is a marathon?"] = "[0,0,1]",
    };

    private FaultReply? fault;
    private string vector = "";
    private FaultServer provider = null!;
    private RunningGateway? gateway;

    public ValueTask InitializeAsync()
    {
        provider = new(0, (request, _) =>
        {
            if (!IsVector(request))
            {
                return ScriptedAnswer.OpenAI.Reply(request.Body.Contains("\"stream\":true", StringComparison.Ordinal));
            }

            using var asked = JsonDocument.Parse(request.Body);
            var numbers = vector.Length > 0 ? vector : Vectors.GetValueOrDefault(asked.RootElement.GetProperty("input").GetString()!, "[1,0,0]");
            return fault ?? FaultReply.Json($$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{{numbers}}}}],"model":"vectors","usage":{"prompt_tokens":7,"total_tokens":7}}""");
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }

        await provider.DisposeAsync();
    }

    [Theory]
    [InlineData(false, "auto")]
    [InlineData(true, "auto")]
    [InlineData(false, "lab/one")]
    public async Task A_turn_in_other_words_gets_the_answer_and_the_same_words_again_need_no_vector(bool streamed, string model)
    {
        await StartAsync();

        Assert.Equal(("miss", null, 200), await TellAsync("How do I reset my password?", streamed, model));
        var (cache, similarity, _) = await TellAsync("how can I reset the password", streamed, model);
        Assert.Equal("similar", cache);
        Assert.InRange(double.Parse(similarity!, System.Globalization.CultureInfo.InvariantCulture), 0.99, 0.9999);
        Assert.Equal("similar", (await TellAsync("how can I reset the password", streamed, model)).Cache);
        Assert.Equal("miss", (await TellAsync("How do I close my account?", streamed, model)).Cache);

        Assert.Equal((2, 3), (Chats, VectorsMade));
        var entries = await gateway!.EntriesAsync(7);
        Assert.Equal(2, entries.Count(entry => entry is { Reason: "cached_similar", Attempts.Count: 0, Outcome: LedgerOutcome.Succeeded }));
        var made = entries.Where(entry => entry.IsAside).ToArray();
        Assert.All(made, entry => Assert.Equal(("similar", "lab/vectors", LedgerOutcome.Succeeded), (entry.Endpoint, entry.DeploymentId, entry.Outcome)));
        Assert.All(made, entry => Assert.True(entry.Attempts.Single().CostNanoUsd > 0));
        Assert.Contains(made, entry => entry.Tags.Contains($"similar_of:{entries.Last(one => one.Reason == "cached_similar").RequestId}"));
        using var metrics = await Ask.SendAsync(gateway!, HttpMethod.Get, "/metrics");
        var text = await metrics.Content.ReadAsStringAsync();
        Assert.Contains("sommelier_cache_similar_hits_total 2", text, StringComparison.Ordinal);
        Assert.Contains("sommelier_cache_hits_total 2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_answer_is_given_byte_for_byte()
    {
        await StartAsync();
        using var first = await AskAsync("How do I reset my password?");
        using var second = await AskAsync("how can I reset the password");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(("0", "0"), (Ask.Header(second, "x-sommelier-attempts"), Ask.Header(second, "x-sommelier-cost-usd")));
    }

    [Theory]
    [InlineData("\"temperature\":0.5,", "how can I reset the password")]
    [InlineData("\"top_p\":0.5,", "how can I reset the password")]
    [InlineData("", "how can I not reset the password")]
    [InlineData("", "How long is a marathon?")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],", "how can I reset the password")]
    [InlineData("\"sommelier\":{\"cache\":false},", "how can I reset the password")]
    public async Task What_is_not_the_same_beside_the_words_or_not_near_goes_to_the_provider(string more, string turn)
    {
        await StartAsync();
        await TellAsync("How do I reset my password?");
        using var reply = await AskAsync(turn, more: more);

        Assert.NotEqual("similar", Ask.Header(reply, "x-sommelier-cache"));
        Assert.Equal(2, Chats);
    }

    [Fact]
    public async Task Instructions_and_earlier_turns_must_be_the_same()
    {
        await StartAsync();
        const string Turns = """{"model":"auto","messages":[{"role":"system","content":"SYSTEM"},{"role":"user","content":"EARLIER"},{"role":"assistant","content":"Yes."},{"role":"user","content":"LAST"}]}""";
        async Task<string?> Tell(string system, string earlier, string last)
        {
            using var reply = await Ask.SendAsync(gateway!, HttpMethod.Post, Ask.Path("openai"), Turns.Replace("SYSTEM", system, StringComparison.Ordinal).Replace("EARLIER", earlier, StringComparison.Ordinal).Replace("LAST", last, StringComparison.Ordinal));
            _ = await reply.Content.ReadAsStringAsync();
            return Ask.Header(reply, "x-sommelier-cache");
        }

        Assert.Equal("miss", await Tell("a", "b", "How do I reset my password?"));
        Assert.Equal("miss", await Tell("other", "b", "how can I reset the password"));
        Assert.Equal("miss", await Tell("a", "other", "how can I reset the password"));
        Assert.Equal("similar", await Tell("a", "b", "how can I reset the password"));
    }

    [Theory]
    [InlineData("/v1/messages", """{"role":"user","content":"Good day."},{"role":"system","content":"BETWEEN"},{"role":"user","content":"LAST"}""")]
    [InlineData("/v1/chat/completions", """{"role":"user","content":[{"type":"text","text":"Good day."},{"type":"page","page":"BETWEEN"},{"type":"text","text":"LAST"}]}""")]
    [InlineData("/v1/chat/completions", """{"role":"user","content":"LAST"},{"role":"developer","content":"BETWEEN"}""")]
    public async Task What_stands_between_and_after_the_texts_of_the_turn_must_be_the_same(string path, string messages)
    {
        await StartAsync();
        async Task<string?> Tell(string between, string last)
        {
            var body = $$"""{"model":"auto","max_tokens":64,"messages":[{{messages}}]}""".Replace("BETWEEN", between, StringComparison.Ordinal).Replace("LAST", last, StringComparison.Ordinal);
            using var reply = await Ask.SendAsync(gateway!, HttpMethod.Post, path, body);
            _ = await reply.Content.ReadAsStringAsync();
            return Ask.Header(reply, "x-sommelier-cache");
        }

        Assert.Equal("miss", await Tell("a", "how is it done"));
        Assert.Equal("miss", await Tell("b", "how is it done"));
        Assert.Equal("similar", await Tell("a", "how is this done"));
    }

    [Fact]
    public async Task A_prompt_that_is_no_turn_needs_no_vector()
    {
        await StartAsync();
        using var reply = await Ask.SendAsync(gateway!, HttpMethod.Post, "/v1/completions", """{"model":"auto","max_tokens":64,"prompt":"how can I reset the password"}""");

        Assert.Equal(0, VectorsMade);
    }

    [Fact]
    public async Task The_vector_is_no_request_against_limits_per_minute_and_none_is_made_for_a_request_that_they_refuse()
    {
        await StartAsync();
        var key = await KeyAsync(new() { RequestsPerMinute = 2 });

        Assert.Equal(("miss", null, 200), await TellAsync("How do I reset my password?", key: key.Secret));
        Assert.Equal("similar", (await TellAsync("how can I reset the password", key: key.Secret)).Cache);
        Assert.Equal(429, (await TellAsync("How long is a marathon?", key: key.Secret)).Status);
        Assert.Equal(2, VectorsMade);
    }

    [Fact]
    public async Task No_tenant_gets_anothers_answer()
    {
        await StartAsync();
        var accounts = gateway!.Gateway.Accounts;
        var (one, two) = (await KeyAsync(new()), await KeyAsync(new()));

        Assert.Equal("miss", (await TellAsync("How do I reset my password?", key: one.Secret)).Cache);
        Assert.Equal("miss", (await TellAsync("how can I reset the password", key: two.Secret)).Cache);
        Assert.Equal("similar", (await TellAsync("how can I reset the password", key: one.Secret)).Cache);
    }

    [Theory]
    [InlineData("[0,0,0]")]
    [InlineData("[]")]
    [InlineData("[1,2]")]
    public async Task A_vector_without_direction_or_of_another_length_is_like_none(string odd)
    {
        await StartAsync();
        await TellAsync("How do I reset my password?");
        vector = odd;

        Assert.Equal(("miss", null, 200), await TellAsync("how can I reset the password"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_fails_or_is_late_fails_nothing(bool late)
    {
        fault = late ? FaultReply.Nothing : FaultReply.Error(400, ScriptedAnswer.OpenAI.ErrorBody);
        await StartAsync();
        await TellAsync("How do I reset my password?");

        Assert.Equal(("miss", null, 200), await TellAsync("how can I reset the password"));
        Assert.Equal(2, Chats);
    }

    [Fact]
    public async Task The_vector_counts_against_the_keys_budget_and_a_key_that_may_not_use_the_model_goes_without()
    {
        await StartAsync();
        var key = await KeyAsync(new() { Budgets = [new(SpendWindow.Total, NanoUsd.FromUsd(1), null)] });
        await TellAsync("How do I reset my password?", key: key.Secret);
        await TellAsync("how can I reset the password", key: key.Secret);
        await gateway!.EntriesAsync(4);

        // 12 tokens in and 5 out at 1 and 2 USD per million, once; 7 tokens at 10, twice.
        Assert.Equal(22_000 + (2 * 70_000), (await gateway!.Gateway.Accounts.SpendAsync(key.Id, SpendWindow.Total, default)).CostNanoUsd);

        var (_, narrow) = await gateway.Gateway.Accounts.CreateKeyAsync(one => one with { Name = "n", Models = ["lab/one"] }, "test", default);
        var made = VectorsMade;
        Assert.Equal(("miss", null, 200), await TellAsync("How do I reset my password?", key: narrow));
        Assert.Equal(made, VectorsMade);
    }

    [Fact]
    public async Task A_vector_is_waited_for_no_longer_than_the_request_may_take()
    {
        await StartAsync();
        fault = FaultReply.Nothing;
        using var reply = await AskAsync("How do I reset my password?", more: "\"sommelier\":{\"max_latency_ms\":300},").WaitAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(("miss", 1, 1), (Ask.Header(reply, "x-sommelier-cache"), Chats, VectorsMade));
    }

    [Fact]
    public async Task A_caller_that_leaves_while_its_vector_is_made_holds_up_nobody_who_waits_for_it()
    {
        await StartAsync();
        fault = FaultReply.Nothing;
        using var leaving = new CancellationTokenSource();
        using var http = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 });
        using var content = new StringContent(Ask.Body(prompt: "How do I reset my password?"), System.Text.Encoding.UTF8, "application/json");
        var leader = http.PostAsync(gateway!.Url + Ask.Path("openai"), content, leaving.Token);
        await provider.RequestAsync(0);
        var other = TellAsync("How do I reset my password?");
        fault = null;
        await leaving.CancelAsync();

        Assert.Equal(("miss", null, 200), await other.WaitAsync(TimeSpan.FromSeconds(15)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        var entries = await gateway.EntriesAsync(4);
        Assert.Equal((1, 2, 2), (Chats, entries.Count(entry => entry.IsAside), entries.Count(entry => entry.Outcome == LedgerOutcome.Canceled)));
    }

    private static bool IsVector(SeenRequest request) => request.Body.Contains("\"input\"", StringComparison.Ordinal);

    private int Chats => provider.Requests.Count(request => !IsVector(request));

    private int VectorsMade => provider.Requests.Count(IsVector);

    private async Task StartAsync() => gateway = await RunningGateway.StartAsync(
        $$"""
        discover: false
        policies:
          default: table
          table: { strategy: order, order: [lab/one], sticky: false, cache: { ttl: 1h, similar: { model: lab/vectors, timeout_ms: {{(fault is { Silent: true } ? 200 : 20_000)}} } } }
        providers:
          lab:
            type: openai-compatible
            base_url: "{{provider.Address}}v1"
            models:
              - { id: one, context: 32768, max_output: 4096, price: { input: 1, output: 2 } }
              - { id: vectors, kind: embedding, context: 8192, price: { input: 10, output: 0 } }
        """);

    private Task<HttpResponseMessage> AskAsync(string turn, bool streamed = false, string model = "auto", string more = "", string? key = null) =>
        Ask.SendAsync(gateway!, HttpMethod.Post, Ask.Path("openai"), Ask.Body(model, streamed, more, turn), key is null ? [] : [("x-api-key", key)]);

    private async Task<(string? Cache, string? Similarity, int Status)> TellAsync(string turn, bool streamed = false, string model = "auto", string? key = null)
    {
        using var reply = await AskAsync(turn, streamed, model, key: key);
        _ = await reply.Content.ReadAsStringAsync();
        return (Ask.Header(reply, "x-sommelier-cache"), Ask.Header(reply, "x-sommelier-similarity"), (int)reply.StatusCode);
    }

    private async Task<(string Id, string Secret)> KeyAsync(AccountLimits limits)
    {
        var (account, secret) = await gateway!.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", Limits = limits }, "test", default);
        return (account.Id, secret);
    }
}
