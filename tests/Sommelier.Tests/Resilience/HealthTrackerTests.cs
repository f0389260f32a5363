using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Resilience;

namespace Sommelier.Tests.Resilience;

public sealed class HealthTrackerTests
{
    private const string Id = "openai/gpt";
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly HealthTracker health;

    public HealthTrackerTests() => health = new(time);

    [Fact]
    public void Opens_after_failures_in_a_row_and_lets_one_request_through_later()
    {
        Fail(UpstreamFailureKind.Unavailable, 4);
        Assert.True(health.Admit(Id));
        Fail(UpstreamFailureKind.ConnectFailed);
        Assert.False(health.Admit(Id));
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(10), State().CircuitOpenUntil);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(health.Admit(Id));
        Assert.False(health.Admit(Id));
    }

    [Fact]
    public void A_probe_that_fails_opens_for_twice_as_long_and_one_that_succeeds_closes()
    {
        Fail(UpstreamFailureKind.Unavailable, 5);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(health.Admit(Id));
        Fail(UpstreamFailureKind.Unavailable);
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromSeconds(20), State().CircuitOpenUntil);

        time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(health.Admit(Id));
        Succeed();
        Assert.Null(State().CircuitOpenUntil);
        Assert.True(health.Admit(Id));
        Fail(UpstreamFailureKind.Unavailable);
        Assert.True(health.Admit(Id));
    }

    [Fact]
    public void A_probe_whose_caller_left_leaves_the_next_one_its_turn()
    {
        Fail(UpstreamFailureKind.Unavailable, 5);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(health.Admit(Id));
        health.Record(Ended(AttemptOutcome.Canceled), streamed: true);
        Assert.True(health.Admit(Id));
        health.Release(Id);
        Assert.True(health.Admit(Id));
    }

    [Fact]
    public void Opens_when_half_of_many_requests_fail_though_never_five_in_a_row()
    {
        for (var i = 0; i < 30 && health.Admit(Id); i++)
        {
            Fail(UpstreamFailureKind.Timeout);
            Fail(UpstreamFailureKind.Timeout);
            Succeed();
        }

        Assert.False(health.Admit(Id));
    }

    [Fact]
    public void Wrong_requests_are_not_held_against_it()
    {
        Fail(UpstreamFailureKind.InvalidRequest, 50);
        Fail(UpstreamFailureKind.ContentFiltered, 50);
        Fail(UpstreamFailureKind.ContextLengthExceeded, 50);

        Assert.True(health.Admit(Id));
        Assert.Equal(0, State().ErrorRate);
    }

    [Fact]
    public void A_rate_limit_is_a_pause_as_long_as_the_provider_asks()
    {
        health.Record(Ended(AttemptOutcome.Failed, new(UpstreamFailureKind.RateLimited, "", RetryAfter: TimeSpan.FromSeconds(30))), streamed: true);

        Assert.False(health.Admit(Id));
        Assert.False(health.IsOpen(Id));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(health.Admit(Id));
        Assert.Null(State().CooldownUntil);
    }

    [Fact]
    public void The_snapshot_is_shared_while_it_is_young_and_rebuilt_when_a_circuit_changes()
    {
        Succeed();
        var first = health.Snapshot(time.GetUtcNow());
        Succeed();
        time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Same(first, health.Snapshot(time.GetUtcNow()));

        Fail(UpstreamFailureKind.Unavailable, 5);
        var second = health.Snapshot(time.GetUtcNow());
        Assert.NotSame(first, second);
        Assert.NotNull(second.Get(Id).CircuitOpenUntil);
        Assert.Null(first.Get(Id).CircuitOpenUntil);

        time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.NotSame(second, health.Snapshot(time.GetUtcNow()));
    }

    [Fact]
    public void Times_and_speed_come_from_streams()
    {
        for (var i = 1; i <= 100; i++)
        {
            health.Record(
                Ended(AttemptOutcome.Succeeded) with
                {
                    TimeToFirstChunk = TimeSpan.FromMilliseconds(i * 10),
                    Duration = TimeSpan.FromMilliseconds((i * 10) + 2000),
                    Usage = new() { InputTokens = 10, OutputTokens = 100 },
                },
                streamed: true);
        }

        var state = State();
        Assert.InRange(state.P50TimeToFirstChunkMs!.Value, 450, 560);
        Assert.InRange(state.P95TimeToFirstChunkMs!.Value, 860, 1050);
        Assert.Equal(50, state.TokensPerSecond!.Value, 3);
        Assert.Equal(100, state.Requests);
    }

    [Fact]
    public void What_measures_a_time_says_when()
    {
        Fail(UpstreamFailureKind.Timeout);
        Succeed();
        Assert.Null(State().MeasuredAt);

        health.Record(Ended(AttemptOutcome.Succeeded) with { TimeToFirstChunk = TimeSpan.FromSeconds(1), Duration = TimeSpan.FromSeconds(2) }, streamed: true);
        Assert.Equal(time.GetUtcNow(), State().MeasuredAt);

        time.Advance(TimeSpan.FromMinutes(1));
        Succeed();
        Assert.Equal(time.GetUtcNow() - TimeSpan.FromMinutes(1), State().MeasuredAt);
        health.Record(Ended(AttemptOutcome.Superseded), streamed: true);
        Assert.Equal(time.GetUtcNow(), State().MeasuredAt);
    }

    [Theory]
    [InlineData(6, 1_000, 1_000)] // What was slow before the pause is over.
    [InlineData(4, 1_000, 8_000)]
    [InlineData(6, 6_000, 8_000)]
    [InlineData(6, 60_000, 8_000)] // It may just have been asleep.
    public void After_a_pause_one_quick_answer_ends_what_was_slow(int pause, int then, double expected)
    {
        for (var i = 0; i < 50; i++)
        {
            Measured(8_000);
        }

        time.Advance(TimeSpan.FromMinutes(pause));
        Measured(then);

        Assert.InRange(State().P50TimeToFirstChunkMs!.Value, expected * 0.9, expected * 1.1);
        Assert.InRange(State().P95TimeToFirstChunkMs!.Value, expected * 0.9, expected * 1.1);
    }

    private void Measured(int milliseconds) =>
        health.Record(Ended(AttemptOutcome.Succeeded) with { TimeToFirstChunk = TimeSpan.FromMilliseconds(milliseconds), Duration = TimeSpan.FromMinutes(2) }, streamed: true);

    [Fact]
    public void Headroom_is_forgotten_with_its_window()
    {
        health.Limit(Id, new(3, 5000, time.GetUtcNow() + TimeSpan.FromSeconds(10)));
        Assert.Equal(3, State().RateLimitRemainingRequests);
        Assert.Equal(5000, State().RateLimitRemainingTokens);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(State().RateLimitRemainingRequests);
    }

    // Far enough from any cached snapshot to be a fresh one, and back: only the state at this moment counts.
    private DeploymentState State()
    {
        health.Snapshot(time.GetUtcNow() + TimeSpan.FromDays(1));
        return health.Snapshot(time.GetUtcNow()).Get(Id);
    }

    private void Succeed() => health.Record(Ended(AttemptOutcome.Succeeded), streamed: true);

    private void Fail(UpstreamFailureKind kind, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            health.Record(Ended(AttemptOutcome.Failed, new(kind, "")), streamed: true);
        }
    }

    private Attempt Ended(AttemptOutcome outcome, UpstreamFailure? failure = null) => new()
    {
        Number = 1,
        DeploymentId = Id,
        RequestModel = "gpt",
        StartedAt = time.GetUtcNow(),
        Outcome = outcome,
        Failure = failure,
    };
}
