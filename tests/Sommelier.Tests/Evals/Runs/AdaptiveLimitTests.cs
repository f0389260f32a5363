using Microsoft.Extensions.Time.Testing;
using Sommelier.Evals.Runs;

namespace Sommelier.Tests.Evals.Runs;

public sealed class AdaptiveLimitTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Doubles_after_each_round_without_a_limit_up_to_the_most()
    {
        var limit = new AdaptiveLimit(AdaptiveLimit.UsualStart, 100, time);
        Assert.Equal(20, limit.Limit);
        Succeed(limit, 19);
        Assert.Equal(20, limit.Limit);
        Succeed(limit, 1);
        Assert.Equal(40, limit.Limit);
        Succeed(limit, 40);
        Succeed(limit, 80);
        Assert.Equal(100, limit.Limit);
    }

    [Fact]
    public void A_limit_cuts_once_in_a_while_and_growth_is_slow_after_it()
    {
        var limit = new AdaptiveLimit(AdaptiveLimit.UsualStart, 100, time);
        limit.RateLimited(null);
        limit.RateLimited(null);
        Assert.Equal(16, limit.Limit);
        time.Advance(TimeSpan.FromSeconds(16));
        limit.RateLimited(TimeSpan.FromSeconds(60));
        Assert.Equal(12, limit.Limit);
        time.Advance(TimeSpan.FromSeconds(30));
        limit.RateLimited(null);
        Assert.Equal(12, limit.Limit);
        Succeed(limit, 12);
        Assert.Equal(13, limit.Limit);
    }

    [Fact]
    public void A_server_error_stops_the_round_and_cuts_nothing()
    {
        var limit = new AdaptiveLimit(AdaptiveLimit.UsualStart, 100, time);
        Succeed(limit, 19);
        limit.Failed();
        Succeed(limit, 19);
        Assert.Equal(20, limit.Limit);
    }

    [Fact]
    public void A_start_that_was_asked_for_holds_when_all_goes_well_and_then_is_cut_like_any_other()
    {
        var limit = new AdaptiveLimit(200, 200, time);
        Assert.Equal(200, limit.Limit);
        Succeed(limit, 200);
        limit.Failed();
        Assert.Equal(200, limit.Limit);
        limit.RateLimited(null);
        Assert.Equal(160, limit.Limit);
    }

    [Fact]
    public void A_start_that_was_asked_for_falls_back_when_the_provider_refuses_or_fails_before_a_round_has_succeeded()
    {
        var refused = new AdaptiveLimit(200, 200, time);
        Succeed(refused, 100);
        refused.RateLimited(null);
        Assert.Equal(20, refused.Limit);
        time.Advance(TimeSpan.FromSeconds(16));
        refused.RateLimited(null);
        Assert.Equal(16, refused.Limit);

        var failed = new AdaptiveLimit(200, 200, time);
        failed.Failed();
        Assert.Equal(20, failed.Limit);
        Succeed(failed, 20);
        Assert.Equal(40, failed.Limit);

        var small = new AdaptiveLimit(8, 8, time);
        small.Failed();
        Assert.Equal(8, small.Limit);
    }

    [Fact]
    public async Task Who_is_too_many_waits_for_a_place()
    {
        var limit = new AdaptiveLimit(AdaptiveLimit.UsualStart, 2, time);
        await limit.EnterAsync(CancellationToken.None);
        await limit.EnterAsync(CancellationToken.None);
        var third = limit.EnterAsync(CancellationToken.None);
        using var impatient = new CancellationTokenSource();
        var fourth = limit.EnterAsync(impatient.Token);
        Assert.False(third.IsCompleted);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fourth);
        limit.Leave();
        await third;
    }

    [Fact]
    public void Never_falls_below_one()
    {
        var limit = new AdaptiveLimit(AdaptiveLimit.UsualStart, 1, time);
        for (var i = 0; i < 5; i++)
        {
            limit.RateLimited(null);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, limit.Limit);
    }

    private static void Succeed(AdaptiveLimit limit, int times)
    {
        for (var i = 0; i < times; i++)
        {
            limit.Succeeded();
        }
    }
}
