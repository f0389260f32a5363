using System.Net;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Accounts;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>Budgets held over real HTTP, whatever runs at once.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData("/v1beta/models/lab%2Fdear:generateContent", """{"contents":[{"role":"user","parts":[{"text":"hi"}]}],"generationConfig":{"maxOutputTokens":-1000000}}""", "maxOutputTokens")]
    [InlineData("/model/lab%2Fdear/converse", """{"messages":[{"role":"user","content":[{"text":"hi"}]}],"inferenceConfig":{"maxTokens":-1}}""", "maxTokens")]
    public async Task A_negative_limit_of_output_would_hold_less_than_nothing_and_is_refused(string path, string body, string named)
    {
        await using var provider = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              lab: { type: openai-compatible, base_url: "{{provider.Address}}v1", models: [{ id: dear, context: 32768, max_output: 64, price: { input: 100, output: 2000 } }] }
            """);
        var key = await gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", Limits = new() { Budgets = [new(SpendWindow.Day, NanoUsd.FromUsd(1), null)] } }, "test", default);
        using var reply = await Ask.SendAsync(gateway, HttpMethod.Post, path, body, ("Authorization", $"Bearer {key.Secret}"));
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(named, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(provider.Requests);
    }

    [Fact]
    public async Task Counts_that_no_call_can_have_used_are_estimated_so_that_no_sum_ends()
    {
        await using var provider = new FaultServer(FaultReply.Json(
            """{"id":"c","object":"chat.completion","created":1,"model":"dear","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":900000000000000,"total_tokens":900000000000005}}"""));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              lab: { type: openai-compatible, base_url: "{{provider.Address}}v1", models: [{ id: dear, context: 32768, max_output: 64, price: { input: 100, output: 2000 } }] }
            """);
        var (key, secret) = await gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k" }, "test", default);
        for (var call = 0; call < 3; call++)
        {
            using var reply = await Ask.ChatAsync(gateway, "openai", model: "lab/dear", headers: ("Authorization", $"Bearer {secret}"));
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        }

        await gateway.EntriesAsync(3);
        var spent = await gateway.Gateway.Accounts.SpendAsync(key.Id, SpendWindow.Day, default);
        Assert.Equal(3, spent.Requests);
        Assert.InRange(spent.CostNanoUsd, 1, NanoUsd.FromUsd(1));
        Assert.Equal(spent.CostNanoUsd, spent.EstimatedCostNanoUsd);
    }

    [Fact]
    public async Task A_budget_that_is_given_again_knows_what_was_spent_while_there_was_none()
    {
        await using var lab = await Lab.StartAsync();
        var accounts = lab.Gateway.Gateway.Accounts;
        var (key, secret) = await accounts.CreateKeyAsync(key => key with { Name = "k", Limits = new() { Budgets = [new(SpendWindow.Total, NanoUsd.FromUsd(1), null)] } }, "test", default);
        await accounts.ChangeAsync(key.Id, account => account with { Limits = AccountLimits.None }, "test", default);
        using (var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: ("x-api-key", secret)))
        {
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        await lab.Gateway.EntriesAsync(1);
        await accounts.ChangeAsync(key.Id, account => account with { Limits = new() { Budgets = [new(SpendWindow.Total, null, 10)] } }, "test", default);
        using var refused = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: ("x-api-key", secret));
        Assert.Contains("has 0 left", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sixty_four_callers_at_once_never_overspend_a_dollar_and_use_it_up()
    {
        await using var provider = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              lab:
                type: openai-compatible
                base_url: "{{provider.Address}}v1"
                models: [{ id: dear, context: 32768, max_output: 64, price: { input: 100, output: 2000 } }]
            """);
        var organisation = await gateway.Gateway.Accounts.CreateAsync(
            AccountKind.Organisation, account => account with { Name = "o", Limits = new() { Budgets = [new(SpendWindow.Day, NanoUsd.FromUsd(1), null)] } }, "test", default);
        var keys = new string[8];
        for (var at = 0; at < keys.Length; at++)
        {
            keys[at] = (await gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", ParentId = organisation.Id }, "test", default)).Secret;
        }

        var refused = 0;
        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (caller, _) =>
        {
            var patience = 0;
            while (patience < 3)
            {
                using var reply = await Ask.ChatAsync(gateway, "openai", model: "lab/dear", headers: ("Authorization", $"Bearer {keys[caller % keys.Length]}"));
                if (reply.StatusCode == HttpStatusCode.OK)
                {
                    await reply.Content.ReadAsStringAsync(CancellationToken.None);
                    continue;
                }

                Assert.Equal(HttpStatusCode.TooManyRequests, reply.StatusCode);
                Assert.Contains("insufficient_quota", await reply.Content.ReadAsStringAsync(CancellationToken.None), StringComparison.Ordinal);
                Interlocked.Increment(ref refused);
                patience++;
            }
        });

        var spent = await gateway.Gateway.Accounts.SpendAsync(organisation.Id, SpendWindow.Day, default);
        Assert.True(refused > 0);

        // The most that one request holds: its input with margin, estimated, and 64 tokens of output.
        Assert.InRange(spent.CostNanoUsd, NanoUsd.FromUsd(1 - 0.14m), NanoUsd.FromUsd(1));
        // 12 input tokens at 100 USD per million, 5 of output at 2000.
        Assert.Equal(provider.Requests.Count * 11_200_000L, spent.CostNanoUsd);
    }

    [Theory]
    [InlineData("openai", HttpStatusCode.TooManyRequests, "insufficient_quota")]
    [InlineData("anthropic", HttpStatusCode.PaymentRequired, "billing_error")]
    public async Task A_used_up_budget_is_told_in_the_callers_dialect(string dialect, HttpStatusCode status, string code)
    {
        await using var lab = await Lab.StartAsync(dialect);
        var (_, key) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(
            key => key with { Name = "k", Limits = new() { Budgets = [new(SpendWindow.Total, 1, null)] } }, "test", default);
        using var reply = await Ask.ChatAsync(lab.Gateway, dialect, model: "lab/one", headers: ("x-api-key", key));
        Assert.Equal(status, reply.StatusCode);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.Contains(code, text, StringComparison.Ordinal);
        Assert.Contains("0.000000001 USD", text, StringComparison.Ordinal);
        Assert.Empty(lab.Provider.Requests);
    }

    [Fact]
    public async Task Without_a_limit_the_answer_is_capped_at_what_the_budget_affords()
    {
        await using var lab = await Lab.StartAsync();
        var (_, key) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(
            key => key with { Name = "k", Limits = new() { Budgets = [new(SpendWindow.Total, NanoUsd.FromUsd(0.001m), null)] } }, "test", default);
        using var reply = await Ask.SendAsync(
            lab.Gateway, HttpMethod.Post, "/v1/chat/completions", """{"model":"lab/one","messages":[{"role":"user","content":"Say hello to the world."}],"vendor_field":7}""", ("x-api-key", key));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Contains("output_capped_by_budget", Ask.Header(reply, "x-sommelier-warnings"), StringComparison.Ordinal);
        var sent = System.Text.Json.JsonDocument.Parse(lab.Provider.Requests[0].Body).RootElement;
        Assert.InRange(sent.TryGetProperty("max_tokens", out var cap) ? cap.GetInt32() : sent.GetProperty("max_completion_tokens").GetInt32(), 256, 500);
        Assert.Equal(7, sent.GetProperty("vendor_field").GetInt32());
    }

    [Fact]
    public async Task Requests_per_minute_are_refused_with_the_time_to_wait()
    {
        await using var lab = await Lab.StartAsync();
        var (_, key) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", Limits = new() { RequestsPerMinute = 2 } }, "test", default);
        for (var i = 0; i < 2; i++)
        {
            using var good = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: ("x-api-key", key));
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        }

        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: ("x-api-key", key));
        Assert.Equal(HttpStatusCode.TooManyRequests, reply.StatusCode);
        Assert.InRange(int.Parse(Ask.Header(reply, "retry-after")!, System.Globalization.CultureInfo.InvariantCulture), 1, 120);
    }

    [Theory]
    [InlineData("openai", "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens")]
    [InlineData("anthropic", "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset", "anthropic-ratelimit-tokens-limit", "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset")]
    public async Task Limits_per_minute_are_told_in_the_callers_dialect(string dialect, params string[] names)
    {
        await using var lab = await Lab.StartAsync(dialect);
        var accounts = lab.Gateway.Gateway.Accounts;
        var team = await accounts.CreateAsync(AccountKind.Organisation, account => account with { Name = "o", Limits = new() { RequestsPerMinute = 3 } }, "test", default);
        var (_, key) = await accounts.CreateKeyAsync(
            key => key with { Name = "k", ParentId = team.Id, Limits = new() { RequestsPerMinute = 100, TokensPerMinute = 100_000 } }, "test", default);
        var (_, free) = await accounts.CreateKeyAsync(key => key with { Name = "f" }, "test", default);
        var seen = new List<string?[]>();
        for (var i = 0; i < 4; i++)
        {
            using var reply = await Ask.ChatAsync(lab.Gateway, dialect, model: "lab/one", headers: ("x-api-key", key));
            Assert.Equal(i < 3 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, reply.StatusCode);
            Assert.Equal(i == 3, reply.Headers.Contains("retry-after"));
            seen.Add([.. names.Select(name => Ask.Header(reply, name))]);
        }

        // Of key and organisation the one with less left; of tokens what the request may use is taken off.
        Assert.Equal(["3", "3", "3", "3"], seen.Select(headers => headers[0]));
        Assert.Equal(["2", "1", "0", "0"], seen.Select(headers => headers[1]));
        Assert.All(seen, headers => Assert.InRange(Until(headers[2]!), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(121)));
        Assert.All(seen[..3], headers => Assert.Equal("100000", headers[3]));
        Assert.All(seen[..3], headers => Assert.InRange(int.Parse(headers[4]!, System.Globalization.CultureInfo.InvariantCulture), 99_000, 99_990));
        Assert.All(seen[..3], headers => Assert.InRange(Until(headers[5]!), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(121)));

        using var unlimited = await Ask.ChatAsync(lab.Gateway, dialect, model: "lab/one", headers: ("x-api-key", free));
        Assert.DoesNotContain(unlimited.Headers, header => header.Key.Contains("ratelimit", StringComparison.Ordinal));

        static TimeSpan Until(string text) => Sommelier.Upstream.RateLimitHeaders.Moment(text, DateTimeOffset.UtcNow)!.Value - DateTimeOffset.UtcNow;
    }

    [Fact]
    public async Task A_request_that_ran_when_its_key_was_given_a_budget_counts_within_a_minute_of_its_end()
    {
        var time = new FakeTimeProvider(new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));
        var gate = new TaskCompletionSource();
        await using var provider = new FaultServer(ScriptedAnswer.OpenAI.Reply(streamed: false) with { GateBefore = 0, Gate = gate.Task });
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              lab:
                type: openai-compatible
                base_url: "{{provider.Address}}v1"
                models: [{ id: dear, context: 32768, max_output: 64, price: { input: 100, output: 2000 } }]
            """,
            time: time);
        var accounts = gateway.Gateway.Accounts;
        var (made, key) = await accounts.CreateKeyAsync(key => key with { Name = "k" }, "test", default);
        var running = Ask.ChatAsync(gateway, "openai", model: "lab/dear", headers: ("x-api-key", key));
        await provider.RequestAsync(0);
        await accounts.ChangeAsync(made.Id, account => account with { Limits = new() { Budgets = [new(SpendWindow.Total, NanoUsd.FromUsd(0.2m), null)] } }, "test", default);
        gate.SetResult();
        using (var reply = await running)
        {
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            await reply.Content.ReadAsStringAsync();
        }

        await gateway.EntriesAsync(1);
        var left = "";
        for (var second = 0; second < 62; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        for (var tries = 0; tries < 100 && !left.Contains("has 0.1888 USD left", StringComparison.Ordinal); tries++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            using var reply = await Ask.ChatAsync(gateway, "openai", model: "lab/dear", more: "\"n\":9,", headers: ("x-api-key", key));
            left = await reply.Content.ReadAsStringAsync();
        }

        // 12 input tokens at 100 USD per million, 5 of output at 2000.
        Assert.Contains("has 0.1888 USD left", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_spent_under_limits_per_minute_counts_once_when_a_budget_is_added()
    {
        await using var lab = await Lab.StartAsync();
        var (made, key) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", Limits = new() { RequestsPerMinute = 50 } }, "test", default);
        using (var good = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: ("x-api-key", key)))
        {
            await good.Content.ReadAsStringAsync();
        }

        await lab.Gateway.EntriesAsync(1);
        await lab.Gateway.Gateway.Accounts.ChangeAsync(made.Id, account => account with { Limits = new() { RequestsPerMinute = 50, Budgets = [new(SpendWindow.Month, NanoUsd.FromUsd(0.0001m), null)] } }, "test", default);
        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: ("x-api-key", key));
        Assert.Contains("0.000078 USD left", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_spent_counts_again_after_a_start()
    {
        await using var lab = await Lab.StartAsync();
        var (made, key) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k" }, "test", default);
        using (var good = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: ("x-api-key", key)))
        {
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
            await good.Content.ReadAsStringAsync();
        }

        await lab.Gateway.EntriesAsync(1);

        // A budget that is set afterwards finds what was spent before: 22 micro-USD of 100.
        await lab.Gateway.Gateway.Accounts.ChangeAsync(made.Id, account => account with { Limits = new() { Budgets = [new(SpendWindow.Month, NanoUsd.FromUsd(0.0001m), null)] } }, "test", default);
        using var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: ("x-api-key", key));
        Assert.Equal(HttpStatusCode.TooManyRequests, reply.StatusCode);
        Assert.Contains("0.000078 USD left", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
