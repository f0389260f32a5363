using Sommelier.Canonical;

namespace Sommelier.Tests.Resilience;

/// <summary>No more calls run at a deployment than its <c>max_concurrency</c>; every end of a call gives its slot back.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task A_full_deployment_is_passed_over()
    {
        await using var rig = new AttemptRig();
        rig.Add("openai-chat", Whole(streamed: true), Whole(streamed: true));
        rig.Add("openai-chat", Whole(streamed: true), Whole(streamed: true));
        rig.Limit(0, 1);

        var first = (await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true))).Answer!;
        var second = (await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true))).Answer!;
        Assert.Equal([rig.Plan[0].Id, rig.Plan[1].Id], [first.Deployment.Id, second.Deployment.Id]);
        await AttemptRig.ReadAsync(first);
        await AttemptRig.ReadAsync(second);
        Assert.All(rig.Log, attempt => Assert.Equal(AttemptOutcome.Succeeded, attempt.Outcome));

        // The connection is drained behind the answer; then the slot is free.
        await Eventually(async () =>
        {
            var third = (await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true))).Answer!;
            await third.DisposeAsync();
            return third.Deployment.Id == rig.Plan[0].Id;
        });
    }

    [Fact]
    public async Task The_last_one_is_waited_for()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", Whole(streamed: true), Whole(streamed: true));
        rig.Limit(0, 1);

        var first = (await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true))).Answer!;
        var waiting = rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true)).AsTask();
        await Task.Delay(50);
        Assert.False(waiting.IsCompleted);
        Assert.Single(server.Requests);
        await AttemptRig.ReadAsync(first);

        await AttemptRig.ReadAsync((await waiting).Answer!);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_to_come_back()
    {
        await using var rig = new AttemptRig { Limits = new() { MaxRetryDelay = TimeSpan.FromSeconds(3) } };
        var server = rig.Add("openai-chat", Whole(streamed: true));
        rig.Limit(0, 1);

        await using var first = (await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true))).Answer!;
        await rig.Time.TimersAsync(1);
        var waiting = rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true)).AsTask();
        await rig.Time.TimersAsync(1);
        rig.Time.Advance(TimeSpan.FromSeconds(3));
        var error = (await waiting).Error!;

        Assert.Equal((GatewayErrorKind.RateLimited, 429, TimeSpan.FromSeconds(3)), (error.Kind, error.Status, error.RetryAfter));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_wait_on()
    {
        await using var rig = new AttemptRig();
        rig.Add("openai-chat", Whole(streamed: true));
        rig.Limit(0, 1);
        using var leaving = new CancellationTokenSource();

        await using var first = (await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true))).Answer!;
        var waiting = rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true), leaving.Token).AsTask();
        await leaving.CancelAsync();

        Assert.Equal(GatewayErrorKind.Canceled, (await waiting).Error!.Kind);
    }

    [Fact]
    public async Task A_broken_stream_may_be_gone_on_with_at_the_same_place()
    {
        await using var rig = new AttemptRig { Limits = new() { OnBreak = OnBreak.Continue } };
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(2), ScriptedAnswer.OpenAI.After(2));
        rig.Limit(0, 1);

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        var reading = AttemptRig.ReadAsync(result.Answer!);
        while (!reading.IsCompleted)
        {
            rig.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(10);
        }

        DialectAsserts.IsWhole("openai-chat", streamed: true, (await reading).Text);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("400")]
    [InlineData("reset")]
    [InlineData("whole")]
    [InlineData("cut")]
    [InlineData("left")]
    [InlineData("strict")]
    public async Task Every_end_gives_the_slot_back(string end)
    {
        await using var rig = new AttemptRig { Limits = new() { MaxAttemptsPerDeployment = 1 } };
        var bad = end switch
        {
            "500" => FaultReply.Error(500, ScriptedAnswer.OpenAI.ErrorBody),
            "400" => FaultReply.Error(400, ScriptedAnswer.OpenAI.ErrorBody),
            "reset" => FaultReply.ResetAtOnce,
            "cut" => ScriptedAnswer.OpenAI.Cut(1),
            "left" => FaultReply.Nothing,
            _ => Whole(streamed: false),
        };
        var server = end == "strict" ? rig.Add("openai-chat", Whole(streamed: false)) : rig.Add("openai-chat", bad, Whole(streamed: false));
        rig.Limit(0, 1);
        using var leaving = new CancellationTokenSource();

        // A strict caller whose field would be lost is refused before anything is sent.
        var call = AttemptRig.Call(end == "strict" ? "anthropic-messages" : "openai-chat", end == "cut", strict: end == "strict", more: end == "strict" ? "\"top_k\":5," : "");
        var running = rig.RunAsync(call, leaving.Token).AsTask();
        if (end == "left")
        {
            await server.RequestAsync(0);
            await leaving.CancelAsync();
        }

        if ((await running).Answer is { } answer)
        {
            await AttemptRig.ReadAsync(answer);
        }

        var next = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: false));
        Assert.Equal(ScriptedAnswer.OpenAI.WholeBody, (await AttemptRig.ReadAsync(next.Answer!)).Text);
    }

    private static FaultReply Whole(bool streamed) => ScriptedAnswer.OpenAI.Reply(streamed);

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++)
        {
            Assert.True(tries < 1000, "It never came to that.");
            await Task.Delay(10);
        }
    }
}
