using System.Net;
using Sommelier.Accounts;
using Sommelier.Catalog;
using Sommelier.Ledger;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>Budgets held over real HTTP, whatever runs at once.</summary>
public sealed class BudgetTests
{
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
