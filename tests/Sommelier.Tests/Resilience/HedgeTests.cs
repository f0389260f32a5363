using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Resilience;
using Sommelier.Routing;
using Sommelier.Upstream;

namespace Sommelier.Tests.Resilience;

/// <summary>A second deployment is asked when the first is later than usual, within its budget; the first to give content answers.</summary>
public sealed class HedgeTests
{
    private static readonly HedgeSettings Free = new() { MaxShare = 1, MaxUsdPerHour = 100 };

    [Theory]
    [InlineData("openai-chat", "anthropic-messages")]
    [InlineData("anthropic-messages", "openai-chat")]
    public async Task Later_than_its_own_p95_a_second_one_is_asked_and_wins(string caller, string vendor)
    {
        await using var rig = Rig(Free);
        var late = rig.Add(vendor, FaultReply.Nothing);
        var quick = rig.Add(vendor, ScriptedAnswer.Of(vendor).Reply(streamed: true));
        Warm(rig, times: 20, TimeSpan.FromMilliseconds(100));

        var running = rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        await rig.Time.TimersAsync(2);
        await late.RequestAsync(0);
        rig.Time.Advance(TimeSpan.FromMilliseconds(80));
        Assert.Empty(quick.Requests);
        rig.Time.Advance(TimeSpan.FromMilliseconds(50));
        var result = await running;
        var received = await AttemptRig.ReadAsync(result.Answer!);

        DialectAsserts.IsWhole(caller, streamed: true, received.Text);
        Assert.Equal(rig.Plan[1].Id, result.Answer!.Deployment.Id);
        await (await late.RequestAsync(0)).ClosedByPeer;
        Assert.Equal([(1, AttemptOutcome.Superseded), (2, AttemptOutcome.Succeeded)], rig.Log.Select(attempt => (attempt.Number, attempt.Outcome)));
        Assert.Null(rig.Log[0].Failure);
        Assert.True(rig.Log[0].Usage!.Value is { Estimated: true, InputTokens: > 0, OutputTokens: 0 } && rig.Log[0].CostNanoUsd > 0);
        Assert.Equal([(rig.Plan[0].Id, HedgeOutcome.Won)], rig.Events.Hedges);
    }

    [Fact]
    public async Task The_late_one_may_win_after_all_and_the_callers_cost_is_that_of_both()
    {
        await using var rig = Rig(Free with { After = TimeSpan.FromSeconds(1) });
        var gate = new TaskCompletionSource();
        var late = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true) with { GateBefore = 0, Gate = gate.Task });
        var second = rig.Add("openai-chat", FaultReply.Nothing);
        var plain = AttemptRig.Call("openai-chat", streamed: true);

        var running = rig.RunAsync(new InboundCall { Format = plain.Format, Body = plain.Body, Outline = plain.Outline, Reply = plain.Reply with { CostUsd = _ => null } });
        await rig.Time.TimersAsync(2);
        await late.RequestAsync(0);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await second.RequestAsync(0);
        gate.SetResult();
        var result = await running;
        var received = await AttemptRig.ReadAsync(result.Answer!);

        Assert.Equal(rig.Plan[0].Id, result.Answer!.Deployment.Id);
        Assert.Equal([(2, AttemptOutcome.Superseded), (1, AttemptOutcome.Succeeded)], rig.Log.Select(attempt => (attempt.Number, attempt.Outcome)));
        var usd = NanoUsd.ToUsd(rig.Log.Sum(attempt => attempt.CostNanoUsd));
        Assert.Equal(usd, decimal.Parse(System.Text.RegularExpressions.Regex.Match(received.Text, "\"cost_usd\":([0-9.]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal([(rig.Plan[0].Id, HedgeOutcome.Lost)], rig.Events.Hedges);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_one_of_the_two_fails_the_other_goes_on(bool firstFails)
    {
        await using var rig = Rig(Free with { After = TimeSpan.FromSeconds(1) });
        var failing = new TaskCompletionSource();
        var answering = new TaskCompletionSource();
        var fails = FaultReply.Error(500, ScriptedAnswer.OpenAI.ErrorBody) with { GateBefore = -1, Gate = failing.Task };
        var answers = ScriptedAnswer.OpenAI.Reply(streamed: true) with { GateBefore = 0, Gate = answering.Task };
        var first = rig.Add("openai-chat", firstFails ? Held(fails, failing.Task) : answers);
        var second = rig.Add("openai-chat", firstFails ? answers : Held(fails, failing.Task));

        var running = rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        await rig.Time.TimersAsync(2);
        await first.RequestAsync(0);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await second.RequestAsync(0);
        failing.SetResult();
        await Eventually(() => rig.Log.Count == 1);
        answering.SetResult();
        var received = await AttemptRig.ReadAsync((await running).Answer!);

        DialectAsserts.IsWhole("openai-chat", streamed: true, received.Text);
        Assert.Equal([(firstFails ? 1 : 2, AttemptOutcome.Failed), (firstFails ? 2 : 1, AttemptOutcome.Succeeded)], rig.Log.Select(attempt => (attempt.Number, attempt.Outcome)));
        Assert.Equal(HedgeOutcome.Failed, Assert.Single(rig.Events.Hedges).Outcome);

        static FaultReply Held(FaultReply reply, Task gate) => reply with { GateBefore = 0, Gate = gate, Framing = BodyFraming.Chunked };
    }

    [Theory]
    [InlineData("no settings")]
    [InlineData("too few seen")]
    [InlineData("a tool's answer")]
    [InlineData("an image")]
    [InlineData("a whole answer")]
    [InlineData("no price")]
    [InlineData("no share")]
    [InlineData("no money")]
    [InlineData("no budget of the caller")]
    public async Task Nobody_is_asked_twice_for(string what)
    {
        var settings = what switch
        {
            "no settings" => null,
            "no share" => Free with { MaxShare = 0.05 },
            "no money" => Free with { MaxUsdPerHour = 0 },
            _ => Free,
        };
        await using var rig = new AttemptRig { Limits = new() { Hedge = settings, FirstChunkWithin = TimeSpan.FromSeconds(5), MaxAttemptsPerDeployment = 1 } };
        var late = rig.Add("openai-chat", FaultReply.Nothing);
        var second = what == "no price"
            ? rig.Serve(new Sommelier.Providers.OpenAICompatible(), new() { Id = "p/free", Provider = "p", Model = "free", CanonicalModel = "free" }, ScriptedAnswer.OpenAI.Reply(streamed: true))
            : rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: what != "a whole answer"));
        Warm(rig, times: what == "too few seen" ? 19 : 20, TimeSpan.FromMilliseconds(100));
        var plain = AttemptRig.Call("openai-chat", streamed: what != "a whole answer");
        if (what is "a tool's answer" or "an image")
        {
            var message = what == "an image"
                ? """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}"""
                : """{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"9"}""";
            var body = System.Text.Encoding.UTF8.GetBytes($$"""{"model":"auto","stream":true,"messages":[{"role":"user","content":"q"},{{message}}]}""");
            plain = new() { Format = plain.Format, Body = body, Outline = plain.Format.Requests.Outline(body), Reply = plain.Reply };
        }

        using var leaving = new CancellationTokenSource();
        var call = what != "no budget of the caller" ? plain : new InboundCall
        {
            Format = plain.Format, Body = plain.Body, Outline = plain.Outline, Reply = plain.Reply, MayAskBeside = (_, _) => new(false),
        };
        var running = rig.RunAsync(call, leaving.Token).AsTask();
        await late.RequestAsync(0);
        await Eventually(() =>
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(200));
            return rig.Events.Hedges.Count > 0 || rig.Events.Attempts.Count > 0 || rig.Time.GetUtcNow() > rig.Time.Start.AddSeconds(4);
        });
        Assert.Empty(second.Requests);
        Assert.All(rig.Events.Hedges, hedge => Assert.Equal(HedgeOutcome.OverBudget, hedge.Outcome));
        Assert.Equal(what is "no share" or "no money" or "no price", rig.Events.Hedges.Count > 0);

        // Whoever was not asked beside is still there to be asked after.
        if (what is "no share" or "no money" or "no budget of the caller")
        {
            rig.Time.Advance(TimeSpan.FromSeconds(6));
            Assert.Equal(rig.Plan[1].Id, (await running).Answer!.Deployment.Id);
            await (await running).Answer!.DisposeAsync();
        }

        await leaving.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_both()
    {
        await using var rig = Rig(Free with { After = TimeSpan.FromSeconds(1) });
        var first = rig.Add("openai-chat", FaultReply.Nothing);
        var second = rig.Add("openai-chat", FaultReply.Nothing);
        using var leaving = new CancellationTokenSource();

        var running = rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true), leaving.Token);
        await rig.Time.TimersAsync(2);
        await first.RequestAsync(0);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await second.RequestAsync(0);
        await leaving.CancelAsync();

        Assert.Equal(GatewayErrorKind.Canceled, (await running).Error!.Kind);
        await (await first.RequestAsync(0)).ClosedByPeer;
        await (await second.RequestAsync(0)).ClosedByPeer;
        Assert.Equal([AttemptOutcome.Canceled, AttemptOutcome.Canceled], rig.Log.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task Over_real_time_a_provider_of_two_moods_is_overtaken_in_its_bad_one()
    {
        await using var rig = new AttemptRig(clock: TimeProvider.System) { Limits = new() { Hedge = Free } };
        var quick = ScriptedAnswer.OpenAI.Reply(streamed: true);
        rig.Add("openai-chat", [.. Enumerable.Repeat(quick, 40), .. Enumerable.Repeat(FaultReply.Nothing, 3)]);
        rig.Add("openai-chat", quick);
        var answered = new List<string>();

        // A busy machine may make a quick one look late: then both answer, and the next of the script is used up no sooner.
        for (var turn = 0; turn < 43; turn++)
        {
            var log = new List<Attempt>();
            var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true), log);
            DialectAsserts.IsWhole("openai-chat", streamed: true, received.Text);
            answered.Add(log[^1].DeploymentId);
            if (turn >= 40)
            {
                Assert.Equal([AttemptOutcome.Superseded, AttemptOutcome.Succeeded], log.Select(attempt => attempt.Outcome));
            }
        }

        Assert.All(answered[..20], id => Assert.Equal(rig.Plan[0].Id, id));
        Assert.All(answered[40..], id => Assert.Equal(rig.Plan[1].Id, id));
    }

    [Fact]
    public void Hedges_are_never_more_than_their_share()
    {
        var budget = new HedgeBudget(new FakeTimeProvider());
        var settings = new HedgeSettings { MaxShare = 0.05, MaxUsdPerHour = 100 };
        var taken = 0;
        for (var request = 1; request <= 1000; request++)
        {
            budget.Count(settings);
            taken += budget.TryTake(settings, 0) ? 1 : 0;
            Assert.True(taken <= request * 0.05 + 1e-6, $"{taken} of {request}");
        }

        Assert.Equal(50, taken);
    }

    [Fact]
    public void A_quiet_time_saves_up_no_more_than_ten()
    {
        var budget = new HedgeBudget(new FakeTimeProvider());
        for (var request = 0; request < 100; request++)
        {
            budget.Count(Free);
        }

        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => budget.TryTake(Free, 0)));
    }

    [Fact]
    public void Money_counts_for_an_hour_by_what_it_came_to()
    {
        var time = new FakeTimeProvider(new(2026, 11, 23, 12, 0, 30, TimeSpan.Zero));
        var budget = new HedgeBudget(time);
        var settings = new HedgeSettings { MaxShare = 1, MaxUsdPerHour = 1 };
        for (var request = 0; request < 10; request++)
        {
            budget.Count(settings);
        }

        Assert.True(budget.TryTake(settings, 600_000_000));
        Assert.False(budget.TryTake(settings, 600_000_000));
        budget.Settle(600_000_000, 100_000_000);
        Assert.True(budget.TryTake(settings, 600_000_000));
        budget.Settle(600_000_000, 900_000_000);
        Assert.False(budget.TryTake(settings, 1));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(budget.TryTake(settings, 1));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(budget.TryTake(settings, 1_000_000_000));
    }

    private static AttemptRig Rig(HedgeSettings settings) => new() { Limits = new() { Hedge = settings } };

    private static void Warm(AttemptRig rig, int times, TimeSpan first)
    {
        for (var time = 0; time < times; time++)
        {
            rig.Health.Record(
                new() { Number = 1, DeploymentId = rig.Plan[0].Id, RequestModel = "m", StartedAt = rig.Time.GetUtcNow(), Outcome = AttemptOutcome.Succeeded, TimeToFirstChunk = first, Duration = first },
                streamed: true);
        }
    }

    private static async Task Eventually(Func<bool> holds)
    {
        for (var tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 6000, "It never came to that.");
            await Task.Delay(10);
        }
    }
}
