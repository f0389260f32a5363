using Microsoft.Extensions.Time.Testing;
using Sommelier.Upstream;

namespace Sommelier.Tests.Upstream;

public sealed class WatchdogTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Rings_when_a_step_takes_too_long()
    {
        using var watch = Start(60);
        watch.Expect(TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(watch.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(watch.Token.IsCancellationRequested);
        Assert.True(watch.Expired);
        Assert.False(watch.CallerGone);
    }

    [Fact]
    public void Each_step_has_its_own_time()
    {
        using var watch = Start(1000);
        for (var i = 0; i < 100; i++)
        {
            watch.Expect(TimeSpan.FromSeconds(5));
            time.Advance(TimeSpan.FromSeconds(4));
        }

        Assert.False(watch.Expired);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(watch.Expired);
    }

    [Fact]
    public void A_shorter_step_after_a_longer_one_is_held_to_its_own_time()
    {
        using var watch = Start(1000);
        watch.Expect(TimeSpan.FromSeconds(100));
        watch.Expect(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.True(watch.Expired);
    }

    [Fact]
    public void Without_a_step_only_the_total_counts()
    {
        using var watch = Start(60);
        watch.Expect(TimeSpan.FromSeconds(5));
        watch.Expect(null);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(watch.Expired);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(watch.Expired);
    }

    [Fact]
    public void The_callers_leaving_is_not_a_timeout()
    {
        using var caller = new CancellationTokenSource();
        using var watch = new Watchdog(time, long.MaxValue, caller.Token);
        caller.Cancel();
        Assert.True(watch.Token.IsCancellationRequested);
        Assert.True(watch.CallerGone);
        Assert.False(watch.Expired);
    }

    [Fact]
    public void Does_nothing_after_disposal()
    {
        var watch = Start(1);
        watch.Dispose();
        watch.Dispose();
        time.Advance(TimeSpan.FromSeconds(5));
        watch.Abandon();
        Assert.False(watch.Expired);
    }

    private Watchdog Start(int seconds) => new(time, time.GetTimestamp() + (seconds * time.TimestampFrequency), CancellationToken.None);
}
