using System.Globalization;
using Sommelier.Accounts.Spending;
using Sommelier.Gateway.Shadows;
using Sommelier.Ledger;
using Sommelier.Routing;

namespace Sommelier.Server.Tests.Shadows;

/// <summary>Copies of answered requests: sent behind the caller's back, paid from their own purse, and never in anybody's way.</summary>
public sealed class ShadowTests : IAsyncLifetime
{
    private readonly TaskCompletionSource gate = new();
    private FaultServer provider = null!;
    private RunningGateway? gateway;

    public ValueTask InitializeAsync()
    {
        // The shadow answers when the test lets it.
        provider = new(0, (request, _) =>
        {
            var answer = ScriptedAnswer.OpenAI.Reply(request.Body.Contains("\"stream\":true", StringComparison.Ordinal));
            return IsShadow(request) ? answer with { GateBefore = -1, Gate = gate.Task } : answer;
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        gate.TrySetResult();
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }

        await provider.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_is_sent_once_the_caller_has_its_answer_and_is_an_entry_of_its_own(bool streamed)
    {
        await StartAsync("share: 100");

        // The caller has all of it while the shadow says nothing yet.
        using var reply = await Ask.ChatAsync(gateway!, "openai", streamed, more: "\"sommelier\":{\"tags\":[\"mine\"]},");
        _ = await reply.Content.ReadAsStringAsync();
        await provider.RequestAsync(1);
        Assert.Equal("lab/old", Ask.Header(reply, "x-sommelier-model"));
        var original = Assert.Single(await gateway!.EntriesAsync(1));
        gate.SetResult();

        var entries = await gateway!.EntriesAsync(2);
        var shadow = Assert.Single(entries, entry => entry.IsShadow);
        Assert.Equal([("shadow", "lab/new", "shadow:table", LedgerOutcome.Succeeded)], [(shadow.Endpoint, shadow.DeploymentId!, shadow.CallerKeyId!, shadow.Outcome)]);
        Assert.Equal(["shadow", "shadow_of:" + original.RequestId, "mine"], shadow.Tags);
        Assert.Equal((original.ConversationId, original.Streamed, original.InboundFormat), (shadow.ConversationId, shadow.Streamed, shadow.InboundFormat));
        Assert.True(shadow.Attempts.Single().CostNanoUsd > 0);
        var same = Assert.Single(entries, entry => !entry.IsShadow);
        Assert.Equal((original.CallerKeyId, "lab/old", 1), (same.CallerKeyId, same.DeploymentId!, same.Attempts.Count));
        Assert.Equal(Without(provider.Requests[0].Body), Without(provider.Requests[1].Body));
        Assert.Contains("sommelier_shadows_total{sommelier_outcome=\"answered\"", (await MetricsAsync()).Replace("sommelier_policy=\"table\",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        using var hidden = await Ask.SendAsync(gateway!, HttpMethod.Get, "/v1/decisions/" + shadow.RequestId);
        Assert.Equal(404, (int)hidden.StatusCode);
    }

    [Fact]
    public async Task It_costs_the_caller_nothing_and_its_own_cap_outlives_a_restart()
    {
        gate.SetResult();
        await StartAsync("share: 100, max_usd_per_day: 0.0002");
        var accounts = gateway!.Gateway.Accounts;
        var (key, secret) = await accounts.CreateKeyAsync(key => key with { Name = "k", Limits = new() { Budgets = [new(SpendWindow.Day, 1_000_000_000, null)] } }, "test", default);

        // 64 tokens of output at 2 USD and a little input: about 0.00015 USD are held, far less are spent.
        await AskAsync(secret);
        var shadow = (await gateway.EntriesAsync(2)).Single(entry => entry.IsShadow);
        var request = (await gateway.EntriesAsync(2)).Single(entry => !entry.IsShadow);
        Assert.Equal(request.Attempts.Single().CostNanoUsd, (await accounts.SpendAsync(key.Id, SpendWindow.Day, default)).CostNanoUsd);
        Assert.Equal(shadow.Attempts.Single().CostNanoUsd, (await gateway.Gateway.Ledger.GetSpendAsync("shadow:table", SpendWindow.Day, TimeProvider.System.GetUtcNow(), default)).CostNanoUsd);

        for (var i = 0; i < 20; i++)
        {
            await AskAsync(secret);
        }

        await UntilAsync(async () => (await MetricsAsync(secret)).Contains("over_budget", StringComparison.Ordinal));
        var spent = await gateway.Gateway.Ledger.GetSpendAsync("shadow:table", SpendWindow.Day, TimeProvider.System.GetUtcNow(), default);
        Assert.InRange(spent.CostNanoUsd, 1, 200_000);

        var meters = new LocalSpendGate(TimeProvider.System);
        var again = new ShadowAccounts(gateway.Gateway.Ledger, meters, TimeProvider.System);
        var settings = new ShadowSettings { To = "lab/new", Share = 1 };
        await again.OfAsync("table", settings, Sommelier.Gateway.Caller.Local);
        await again.OfAsync("table", settings, Sommelier.Gateway.Caller.Local);
        Assert.Equal(spent.CostNanoUsd, meters.Read("shadow:table", SpendWindow.Day).NanoUsd);
    }

    [Fact]
    public async Task When_as_many_run_as_may_the_next_are_dropped_and_counted()
    {
        await StartAsync("share: 100, max_usd_per_day: 100");
        for (var i = 0; i < ShadowTraffic.MostAtOnce; i++)
        {
            await AskAsync();
        }

        await UntilAsync(() => new(provider.Requests.Count(IsShadow) == ShadowTraffic.MostAtOnce));
        await AskAsync();
        await AskAsync();
        await UntilAsync(async () => (await MetricsAsync()).Contains("\"busy\"", StringComparison.Ordinal));
        gate.SetResult();

        var entries = await gateway!.EntriesAsync((ShadowTraffic.MostAtOnce * 2) + 2);
        Assert.Equal(ShadowTraffic.MostAtOnce, entries.Count(entry => entry.IsShadow));
        Assert.Equal(ShadowTraffic.MostAtOnce, provider.Requests.Count(IsShadow));
    }

    [Theory]
    [InlineData("share: 0")]
    [InlineData("share: 100", "\"sommelier\":{\"regions\":[\"eu\"]},")]
    [InlineData("share: 100", "\"sommelier\":{\"data\":\"internal\"},")]
    [InlineData("share: 100", "\"sommelier\":{\"only\":[\"lab/old\"]},")]
    [InlineData("share: 100", "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}],")]
    [InlineData("share: 100", "", "lab/old")]
    public async Task What_the_shadow_must_not_have_is_not_sent(string shadow, string more = "", string model = "auto")
    {
        gate.SetResult();
        await StartAsync(shadow);

        using var reply = await Ask.ChatAsync(gateway!, "openai", more: more, model: model);
        Assert.Equal(200, (int)reply.StatusCode);
        await gateway!.EntriesAsync(1);
        if (more.Length > 0)
        {
            await UntilAsync(async () => (await MetricsAsync()).Contains("not_allowed", StringComparison.Ordinal));
        }

        Assert.DoesNotContain(provider.Requests, IsShadow);
        Assert.DoesNotContain(await gateway!.EntriesAsync(1), entry => entry.IsShadow);
    }

    [Fact]
    public async Task A_share_is_drawn_and_a_stored_answer_has_no_shadow()
    {
        gate.SetResult();
        await StartAsync("share: 50, max_usd_per_day: 100", "cache: true,");
        for (var i = 0; i < 60; i++)
        {
            await AskAsync(prompt: $"Say {i}.");
            await AskAsync(prompt: $"Say {i}.");
        }

        // Those that were drawn while as many ran as may count too.
        await UntilAsync(async () => Drawn(await MetricsAsync()) >= 15);
        Assert.InRange(Drawn(await MetricsAsync()), 15, 45);
        Assert.Equal(60, (await gateway!.EntriesAsync(120)).Count(entry => entry.Reason == "cached"));

        static int Drawn(string metrics) => metrics.Split('\n')
            .Where(line => line.StartsWith("sommelier_shadows_total{", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Stopping_drops_what_runs_with_a_record_of_it()
    {
        await StartAsync("share: 100");
        await AskAsync();
        await provider.RequestAsync(1);

        // Nobody lets the shadow answer.
        await gateway!.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Contains("shadow:table", gateway.ReadDataFolder(), StringComparison.Ordinal);
        Assert.Contains("canceled", gateway.ReadDataFolder(), StringComparison.Ordinal);
        Assert.DoesNotContain("its log has the cause", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_bodies_are_stored_where_bodies_are_and_its_failure_is_no_callers()
    {
        await provider.DisposeAsync();
        provider = new(0, (request, _) => IsShadow(request) ? FaultReply.Error(400, """{"error":{"message":"no","type":"invalid_request_error"}}""") : ScriptedAnswer.OpenAI.Reply(streamed: false));
        await StartAsync("share: 100", more: "ledger: { bodies: { store: all } }");

        await AskAsync();
        var shadow = (await gateway!.EntriesAsync(2)).Single(entry => entry.IsShadow);
        Assert.Equal((LedgerOutcome.Failed, 1), (shadow.Outcome, shadow.Attempts.Count));

        await provider.DisposeAsync();
        await gateway!.DisposeAsync();
        provider = new(ScriptedAnswer.OpenAI.Reply(streamed: false));
        await StartAsync("share: 100", more: "ledger: { bodies: { store: all } }");
        await AskAsync();
        shadow = (await gateway!.EntriesAsync(2)).Single(entry => entry.IsShadow);
        var bodies = await gateway!.Gateway.Bodies.GetAsync(shadow.RequestId, default);
        Assert.False(bodies!.Request!.Value.IsEmpty);
        Assert.False(bodies.Reply!.Value.IsEmpty);
    }

    private async Task StartAsync(string shadow, string policy = "", string more = "") => gateway = await RunningGateway.StartAsync(
        $$"""
        discover: false
        policies:
          default: table
          table: { strategy: order, order: [lab/old], {{policy}} shadow: { to: lab/new, {{shadow}} } }
        providers:
          lab:
            type: openai-compatible
            base_url: "{{provider.Address}}v1"
            models:
              - { id: old, context: 32768, max_output: 4096, region: eu, data: internal, price: { input: 1, output: 2 } }
              - { id: new, context: 32768, max_output: 4096, region: us, capabilities: [streaming, temperature], price: { input: 1, output: 2 } }
        {{more}}
        """);

    private async Task AskAsync(string? key = null, string prompt = "Say hello to the world.")
    {
        using var reply = await Ask.SendAsync(gateway!, HttpMethod.Post, Ask.Path("openai"), Ask.Body(prompt: prompt), key is null ? [] : [("authorization", "Bearer " + key)]);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
    }

    private async Task<string> MetricsAsync(string? key = null)
    {
        using var reply = await Ask.SendAsync(gateway!, HttpMethod.Get, "/metrics", null, key is null ? [] : [("authorization", "Bearer " + key)]);
        return await reply.Content.ReadAsStringAsync();
    }

    private static bool IsShadow(SeenRequest request) => request.Body.Contains("\"model\":\"new\"", StringComparison.Ordinal);

    private static string Without(string body) => body.Replace("\"model\":\"new\"", "", StringComparison.Ordinal).Replace("\"model\":\"old\"", "", StringComparison.Ordinal);

    private static async Task UntilAsync(Func<ValueTask<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            Assert.False(patience.IsCancellationRequested, "it did not come about");
            await Task.Delay(10);
        }
    }
}
