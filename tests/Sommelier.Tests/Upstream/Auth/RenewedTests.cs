using Microsoft.Extensions.Time.Testing;
using Sommelier.Canonical;
using Sommelier.TestKit;
using Sommelier.Upstream.Auth;
using Sommelier.Wire;

namespace Sommelier.Tests.Upstream.Auth;

public sealed class RenewedTests : IDisposable
{
    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CapturedLog log = new();
    private readonly Source source = new();
    private readonly Renewed<BearerToken> tokens;

    public RenewedTests() => tokens = new("The lab", source.FetchAsync, time, log);

    private static CancellationToken Canceled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        log.Dispose();
        source.Dispose();
    }

    [Fact]
    public async Task Many_callers_wait_for_one_fetch()
    {
        var waiting = Enumerable.Range(0, 100).Select(_ => Task.Run(() => tokens.GetAsync(Canceled).AsTask())).ToArray();
        Answer(await source.AskedAsync(1), Token("a", TimeSpan.FromHours(1)));

        Assert.All(await Task.WhenAll(waiting), token => Assert.Equal("a", token.Value));
        Assert.Equal(1, source.Asked);
    }

    [Fact]
    public async Task A_token_that_is_not_due_costs_nothing()
    {
        await FirstAsync("a", TimeSpan.FromHours(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(IsReady());
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);
    }

    [Theory]
    [InlineData(60, 55)]
    [InlineData(10, 8)]
    [InlineData(1, 0.8)]
    public async Task Is_renewed_behind_the_callers_back_before_it_ends(double lifeMinutes, double dueMinutes)
    {
        await FirstAsync("a", TimeSpan.FromMinutes(lifeMinutes));
        time.Advance(TimeSpan.FromMinutes(dueMinutes) - TimeSpan.FromSeconds(1));
        Assert.Equal("a", (await tokens.GetAsync(Canceled)).Value);
        Assert.Equal(1, source.Asked);

        time.Advance(TimeSpan.FromSeconds(1));
        var during = tokens.GetAsync(Canceled).AsTask();
        Assert.True(during.IsCompletedSuccessfully);
        Assert.Equal("a", (await during).Value);
        Answer(await source.AskedAsync(2), Token("b", TimeSpan.FromHours(1)));
        await UntilAsync(() => tokens.Current!.Value == "b");

        Assert.Equal("b", (await tokens.GetAsync(Canceled)).Value);
        Assert.Equal("a", tokens.Previous!.Value);
        Assert.Equal(2, source.Asked);
    }

    [Fact]
    public async Task An_old_token_is_used_while_it_works_and_its_renewal_fails()
    {
        await FirstAsync("a", TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromMinutes(56));
        Assert.Equal("a", (await tokens.GetAsync(Canceled)).Value);
        Fail(await source.AskedAsync(2), new UpstreamException(new(UpstreamFailureKind.Unavailable, "Gone fishing, sk-verysecret123.")));
        await UntilAsync(() => log.Text.Length > 0);

        // Within the pause nobody is asked; after it, one more time.
        Assert.Equal("a", (await tokens.GetAsync(Canceled)).Value);
        Assert.Equal(2, source.Asked);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("a", (await tokens.GetAsync(Canceled)).Value);
        Answer(await source.AskedAsync(3), Token("b", TimeSpan.FromHours(1)));
        await UntilAsync(() => tokens.Current!.Value == "b");

        Assert.Contains("The lab gave no new credentials; the old ones are used until", log.Text, StringComparison.Ordinal);
        Assert.Contains("Gone fishing", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("verysecret", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ended_token_is_not_handed_out()
    {
        await FirstAsync("a", TimeSpan.FromHours(1));
        time.Advance(TimeSpan.FromHours(1));
        var late = tokens.GetAsync(Canceled).AsTask();
        var call = await source.AskedAsync(2);
        Assert.False(late.IsCompleted);

        Answer(call, Token("b", TimeSpan.FromHours(1)));
        Assert.Equal("b", (await late).Value);
    }

    [Fact]
    public async Task A_failed_fetch_fails_its_waiters_and_is_tried_again_after_a_growing_pause()
    {
        foreach (var (fetch, pause) in new[] { (1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (7, 30) })
        {
            var waiting = Enumerable.Range(0, 3).Select(_ => tokens.GetAsync(Canceled).AsTask()).ToArray();
            Fail(await source.AskedAsync(fetch), new UpstreamException(new(UpstreamFailureKind.AuthenticationFailed, $"No {fetch}.")));
            foreach (var one in waiting)
            {
                var error = await Assert.ThrowsAsync<UpstreamException>(() => one);
                Assert.Equal((UpstreamFailureKind.AuthenticationFailed, $"No {fetch}."), (error.Failure.Kind, error.Message));
            }

            time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromMilliseconds(1));
            var again = await Assert.ThrowsAsync<UpstreamException>(() => tokens.GetAsync(Canceled).AsTask());
            Assert.Equal($"No {fetch}.", again.Message);
            Assert.Equal(fetch, source.Asked);
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await FirstAsync("a", TimeSpan.FromHours(1), call: 8);
        time.Advance(TimeSpan.FromHours(2));
        var after = tokens.GetAsync(Canceled).AsTask();
        Fail(await source.AskedAsync(9), new UpstreamException(new(UpstreamFailureKind.Unavailable, "No 9.")));
        await Assert.ThrowsAsync<UpstreamException>(() => after);

        // A success forgives: the pause is short again.
        time.Advance(TimeSpan.FromSeconds(1));
        await FirstAsync("b", TimeSpan.FromHours(1), call: 10);
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_its_own_wait_alone()
    {
        using var leaving = new CancellationTokenSource();
        var gone = tokens.GetAsync(leaving.Token).AsTask();
        var stays = tokens.GetAsync(Canceled).AsTask();
        var call = await source.AskedAsync(1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        Assert.False(call.CancellationToken.IsCancellationRequested);
        Answer(call, Token("a", TimeSpan.FromHours(1)));
        Assert.Equal("a", (await stays).Value);
    }

    [Fact]
    public async Task A_fetch_that_never_ends_is_ended()
    {
        var waiting = tokens.GetAsync(Canceled).AsTask();
        await source.AskedAsync(1);
        time.Advance(TimeSpan.FromSeconds(30));

        var error = await Assert.ThrowsAsync<UpstreamException>(() => waiting);
        Assert.Equal((UpstreamFailureKind.Timeout, "The lab did not answer within 30 s."), (error.Failure.Kind, error.Message));
    }

    [Fact]
    public async Task Words_of_an_unforeseen_exception_are_not_passed_on()
    {
        var waiting = tokens.GetAsync(Canceled).AsTask();
        Fail(await source.AskedAsync(1), new InvalidOperationException("cannot parse 'my-secret'"));

        var error = await Assert.ThrowsAsync<UpstreamException>(() => waiting);
        Assert.Equal("The lab could not be asked: InvalidOperationException.", error.Message);
    }

    [Fact]
    public async Task What_does_not_end_is_fetched_once()
    {
        var waiting = tokens.GetAsync(Canceled).AsTask();
        Answer(await source.AskedAsync(1), new("a", null));
        await waiting;
        time.Advance(TimeSpan.FromDays(4000));

        Assert.True(IsReady());
        Assert.Equal(1, source.Asked);
    }

    [Fact]
    public async Task A_token_that_has_ended_by_our_clock_is_still_tried()
    {
        await FirstAsync("a", TimeSpan.FromHours(-1));

        Assert.True(IsReady());
        time.Advance(TimeSpan.FromSeconds(10));
        var next = tokens.GetAsync(Canceled).AsTask();
        Answer(await source.AskedAsync(2), Token("b", TimeSpan.FromHours(1)));
        Assert.Equal("b", (await next).Value);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_for_all_who_were_refused_with_it_and_those_who_come_meanwhile_wait()
    {
        var refused = await FirstAsync("a", TimeSpan.FromHours(1));
        var waiting = Enumerable.Range(0, 100).Select(_ => Task.Run(() => tokens.ReplaceAsync(refused, Canceled).AsTask())).ToArray();
        var call = await source.AskedAsync(2);
        var meanwhile = tokens.GetAsync(Canceled).AsTask();
        Assert.False(meanwhile.IsCompleted);
        Answer(call, Token("b", TimeSpan.FromHours(1)));

        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.Equal("b", (await meanwhile).Value);
        Assert.True(await tokens.ReplaceAsync(refused, Canceled));
        Assert.Equal(2, source.Asked);
        Assert.Equal(("b", "a"), (tokens.Current!.Value, tokens.Previous!.Value));
    }

    [Fact]
    public async Task A_new_token_that_is_refused_too_is_not_replaced_before_a_minute_has_passed()
    {
        var first = await FirstAsync("a", TimeSpan.FromHours(1));
        var replaced = tokens.ReplaceAsync(first, Canceled).AsTask();
        Answer(await source.AskedAsync(2), Token("b", TimeSpan.FromHours(1)));
        Assert.True(await replaced);

        var second = tokens.Current!;
        Assert.False(await tokens.ReplaceAsync(second, Canceled));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(await tokens.ReplaceAsync(second, Canceled));
        Assert.True(IsReady());
        Assert.Equal(2, source.Asked);

        time.Advance(TimeSpan.FromSeconds(1));
        var later = tokens.ReplaceAsync(second, Canceled).AsTask();
        Answer(await source.AskedAsync(3), Token("c", TimeSpan.FromHours(1)));
        Assert.True(await later);
    }

    [Fact]
    public async Task A_refused_token_stays_in_use_when_no_other_can_be_had()
    {
        var refused = await FirstAsync("a", TimeSpan.FromHours(1));
        var replaced = tokens.ReplaceAsync(refused, Canceled).AsTask();
        var call = await source.AskedAsync(2);
        var meanwhile = tokens.GetAsync(Canceled).AsTask();
        Fail(call, new UpstreamException(new(UpstreamFailureKind.Unavailable, "Down.")));

        Assert.False(await replaced);
        Assert.Equal("a", (await meanwhile).Value);
        Assert.False(await tokens.ReplaceAsync(refused, Canceled));
        Assert.Equal("a", (await tokens.GetAsync(Canceled)).Value);
        Assert.Equal(2, source.Asked);
    }

    [Fact]
    public async Task The_same_token_again_is_no_other()
    {
        var refused = await FirstAsync("a", TimeSpan.FromHours(1));
        var replaced = tokens.ReplaceAsync(refused, Canceled).AsTask();
        Answer(await source.AskedAsync(2), Token("a", TimeSpan.FromMinutes(59)));

        Assert.False(await replaced);
    }

    private static void Answer(Call call, BearerToken token) => call.Result.SetResult(token);

    private static void Fail(Call call, Exception error) => call.Result.SetException(error);

    private bool IsReady()
    {
        var token = tokens.GetAsync(Canceled);
        return token.IsCompletedSuccessfully;
    }

    private BearerToken Token(string value, TimeSpan life) => new(value, time.GetUtcNow() + life);

    private async Task<BearerToken> FirstAsync(string value, TimeSpan life, int call = 1)
    {
        var waiting = tokens.GetAsync(Canceled).AsTask();
        Answer(await source.AskedAsync(call), Token(value, life));
        Assert.Equal(value, (await waiting).Value);
        return await waiting;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 6000, "It did not happen within a minute.");
            await Task.Delay(10, Canceled);
        }
    }

    /// <summary>Gives out tokens when the test says so.</summary>
    private sealed class Source : IDisposable
    {
        private readonly List<Call> calls = [];
        private readonly SemaphoreSlim arrived = new(0);

        public int Asked
        {
            get
            {
                lock (calls)
                {
                    return calls.Count;
                }
            }
        }

        public Task<BearerToken> FetchAsync(CancellationToken cancellationToken)
        {
            var call = new Call(new(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
            lock (calls)
            {
                calls.Add(call);
            }

            arrived.Release();
            return call.Result.Task.WaitAsync(cancellationToken);
        }

        public async Task<Call> AskedAsync(int number)
        {
            while (Asked < number)
            {
                Assert.True(await arrived.WaitAsync(TimeSpan.FromMinutes(1), Canceled), $"Fetch {number} never came.");
            }

            lock (calls)
            {
                return calls[number - 1];
            }
        }

        public void Dispose() => arrived.Dispose();
    }

    private sealed record Call(TaskCompletionSource<BearerToken> Result, CancellationToken CancellationToken);
}
