using Sommelier.Canonical;
using Sommelier.Resilience;

namespace Sommelier.Tests.Resilience;

/// <summary>Trying again at the same deployment, by the provider's own hints.</summary>
public sealed class RetryTests
{
    private static readonly FaultReply Good = ScriptedAnswer.OpenAI.Reply(streamed: false);

    [Theory]
    [InlineData("retry-after", "2", 2)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("retry-after", "Mon, 23 Nov 2026 12:00:03 GMT", 3)]
    public async Task A_lone_candidate_is_asked_again_after_the_time_it_names(string header, string value, double seconds)
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", FaultReply.Error(429, ScriptedAnswer.OpenAI.ErrorBody, (header, value)), Good);

        var receiving = rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        await rig.Time.TimersAsync(2);
        rig.Time.Advance(TimeSpan.FromSeconds(seconds - 0.01));
        Assert.Single(server.Requests);
        rig.Time.Advance(TimeSpan.FromSeconds(0.02));
        var received = await receiving;

        Assert.Null(received.Error);
        Assert.Equal(TimeSpan.FromSeconds(seconds), rig.Log[0].Failure!.RetryAfter);
        Assert.Equal(2, rig.Log.Count);
    }

    [Fact]
    public async Task A_wait_that_is_hardly_one_is_taken_before_another_candidate()
    {
        await using var rig = new AttemptRig();
        var first = rig.Add("openai-chat", FaultReply.Error(503, ScriptedAnswer.OpenAI.ErrorBody, ("retry-after-ms", "100")), Good);
        var second = rig.Add("openai-chat", Good);

        var receiving = rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        await rig.Time.TimersAsync(2);
        rig.Time.Advance(TimeSpan.FromMilliseconds(101));
        await receiving;

        Assert.Equal(2, first.Requests.Count);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task A_long_wait_is_not_worth_it()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", FaultReply.Error(429, ScriptedAnswer.OpenAI.ErrorBody, ("retry-after", "60")), Good);

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Equal(GatewayErrorKind.RateLimited, received.Error!.Kind);
        Assert.Equal(429, received.Error.Status);
        Assert.Equal(TimeSpan.FromSeconds(60), received.Error.RetryAfter);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_wait_beyond_all_dates_is_a_long_wait()
    {
        await using var rig = new AttemptRig();
        rig.Add("openai-chat", FaultReply.Error(429, ScriptedAnswer.OpenAI.ErrorBody, ("x-ratelimit-reset-requests", "9999999d")));
        rig.Add("openai-chat", Good);

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Null(received.Error);
    }

    [Fact]
    public async Task The_vendors_word_that_a_retry_is_useless_is_obeyed()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", FaultReply.Error(500, ScriptedAnswer.OpenAI.ErrorBody, ("x-should-retry", "false")), Good);

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.Equal(503, received.Error!.Status);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task After_everybody_was_asked_once_the_first_that_is_ready_is_asked_again()
    {
        await using var rig = new AttemptRig();
        var first = rig.Add("openai-chat", FaultReply.Error(503, ScriptedAnswer.OpenAI.ErrorBody, ("retry-after", "4")));
        var second = rig.Add("openai-chat", FaultReply.Error(503, ScriptedAnswer.OpenAI.ErrorBody, ("retry-after", "2")), Good);

        var receiving = rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        await rig.Time.TimersAsync(3);
        rig.Time.Advance(TimeSpan.FromSeconds(2.01));
        await receiving;

        Assert.Single(first.Requests);
        Assert.Equal(2, second.Requests.Count);
    }

    [Fact]
    public async Task The_number_of_calls_is_bounded()
    {
        await using var rig = new AttemptRig { Limits = new() { MaxAttempts = 3, MaxAttemptsPerDeployment = 5 } };
        var server = rig.Add("openai-chat", FaultReply.Error(503, ScriptedAnswer.OpenAI.ErrorBody));

        var receiving = rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        for (var tries = 1; tries < 3; tries++)
        {
            await rig.Time.TimersAsync(2);
            rig.Time.Advance(TimeSpan.FromSeconds(9));
        }

        var received = await receiving;
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal([1, 2, 3], rig.Log.Select(attempt => attempt.Number));
        Assert.Contains("p0/model-0: unavailable", received.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_total_time_is_bounded()
    {
        await using var rig = new AttemptRig { Limits = new() { TotalTimeout = TimeSpan.FromSeconds(10) } };
        var first = rig.Add("openai-chat", FaultReply.Nothing);
        var second = rig.Add("openai-chat", Good);

        var receiving = rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        await first.RequestAsync(0);
        rig.Time.Advance(TimeSpan.FromSeconds(11));
        var received = await receiving;

        Assert.Equal(GatewayErrorKind.UpstreamTimeout, received.Error!.Kind);
        Assert.Equal(504, received.Error.Status);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public void Delays_double_and_stay_within_their_jitter()
    {
        var failure = new UpstreamFailure(UpstreamFailureKind.Unavailable, "");
        for (var tries = 1; tries <= 8; tries++)
        {
            var full = Math.Min(8, 0.5 * Math.Pow(2, tries - 1));
            for (var seed = 0UL; seed < 100; seed++)
            {
                var delay = RetryRule.Delay(failure, tries, seed).TotalSeconds;
                Assert.InRange(delay, full * 0.75, full);
                Assert.Equal(delay, RetryRule.Delay(failure, tries, seed).TotalSeconds);
            }
        }

        Assert.True(Enumerable.Range(0, 100).Select(seed => RetryRule.Delay(failure, 1, (ulong)seed)).Distinct().Count() > 90);
    }
}
