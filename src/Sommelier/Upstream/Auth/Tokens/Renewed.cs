using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Telemetry;
using Sommelier.Wire;

namespace Sommelier.Upstream.Auth;

/// <summary>Keeps a short-lived value and fetches a new one before the old one ends.</summary>
/// <remarks>
/// <para>Five minutes, or a fifth of its life, before a value ends a new one is fetched, while callers still get the old
/// one: they wait only for the first. However many callers there are, one fetch runs at a time, on behalf of them all; a
/// caller that leaves ends its own wait alone.</para>
/// <para>A fetch that fails is a failure for those who wait for it. It is tried again on the next call, but at first not
/// within a second, then two, four, up to <see cref="LongestPause"/>; calls in between fail with the last failure.</para>
/// <para>A value that is refused before its end is fetched anew once, see <see cref="ReplaceAsync"/>.</para>
/// </remarks>
/// <typeparam name="T">A token or a set of keys.</typeparam>
/// <param name="source">Whom it is fetched from, in words that begin a sentence.</param>
/// <param name="fetch">Fetches a new one.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when a value could not be renewed while the old one still works: nobody else would notice.</param>
internal sealed class Renewed<T>(string source, Func<CancellationToken, Task<T>> fetch, TimeProvider time, ILogger? logger = null)
    where T : class, IShortLived
{
    /// <summary>The longest time before its end from which on a value is renewed.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    /// <summary>The longest pause after failed fetches.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long after a value was replaced because it was refused no other one is for that reason: whoever is refused with
    /// a new one too lacks a right, and asking for more of them would not give it.
    /// </summary>
    public static readonly TimeSpan RefusalPause = TimeSpan.FromMinutes(1);

    // A value that ends at once by our clock is used for so long: the clock may be wrong, and the provider knows best.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private volatile Held? held;
    private Task<Outcome>? flight;
    private UpstreamFailure? failure;
    private DateTimeOffset nextTry;
    private DateTimeOffset nextReplacement;
    private int failures;

    /// <summary>How long one fetch may take. Default 30 s.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The value that is handed out, or was last; null before the first.</summary>
    public T? Current => held?.Value;

    /// <summary>The value before it: requests with it may still be under way.</summary>
    public T? Previous => held?.Before;

    /// <summary>The value. Ends at once, without allocating, while it is not due for renewal.</summary>
    /// <exception cref="UpstreamException">There is none and none can be had.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return held is { } have && now < have.RenewFrom ? new(have.Value) : Renew(now, cancellationToken);
    }

    /// <summary>
    /// Takes the word of somebody who was refused with a value that should still work: fetches another, once for all who
    /// say so. Whoever asks for the value meanwhile waits for the new one, and gets the old one if none can be had.
    /// </summary>
    /// <param name="refused">The value, as it was handed out.</param>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <returns>
    /// Whether there is another one now. Not so where the fetch fails or brings the same again, where this value was
    /// replaced in vain already, or where another one was within <see cref="RefusalPause"/>.
    /// </returns>
    public async ValueTask<bool> ReplaceAsync(T refused, CancellationToken cancellationToken)
    {
        Task<Outcome>? running;
        lock (gate)
        {
            if (held is not { } have || !ReferenceEquals(have.Value, refused))
            {
                return held is not null && IsOther(held.Value, refused);
            }

            var now = time.GetUtcNow();
            if (!have.Refused && now >= nextReplacement && (flight is not null || now >= nextTry))
            {
                nextReplacement = now + RefusalPause;
                held = have with { Refused = true, RenewFrom = DateTimeOffset.MinValue };
                flight ??= Task.Run(FetchAsync, CancellationToken.None);
            }

            running = held.Refused ? flight : null;
        }

        return running is not null && (await running.WaitAsync(cancellationToken)).Value is { } value && IsOther(value, refused);
    }

    private static bool IsOther(T value, T than) => !string.Equals(value.Secret, than.Secret, StringComparison.Ordinal);

    private ValueTask<T> Renew(DateTimeOffset now, CancellationToken cancellationToken)
    {
        Task<Outcome> running;
        T? last;
        lock (gate)
        {
            var have = held;
            if (have is not null && now < have.RenewFrom)
            {
                return new(have.Value);
            }

            if (flight is null && now >= nextTry)
            {
                // Elsewhere: a fetch may sign, and this thread holds the lock.
                flight = Task.Run(FetchAsync, CancellationToken.None);
            }

            var works = have is not null && now < have.ExpiresAt;
            if (works && (flight is null || !have!.Refused))
            {
                return new(have!.Value);
            }

            if (flight is null)
            {
                return ValueTask.FromException<T>(new UpstreamException(failure!));
            }

            running = flight;
            last = works ? have!.Value : null;
        }

        return WaitAsync(running, last, cancellationToken);
    }

    // The last one may still work, whatever one provider says of it: better than nothing.
    private static async ValueTask<T> WaitAsync(Task<Outcome> running, T? last, CancellationToken cancellationToken)
    {
        var outcome = await running.WaitAsync(cancellationToken);
        return outcome.Value ?? last ?? throw new UpstreamException(outcome.Failure!);
    }

    // Never throws: each waiter gets an exception of its own, and a failure that nobody waits for is not an unobserved one.
    private async Task<Outcome> FetchAsync()
    {
        Outcome outcome;
        try
        {
            using var limit = new CancellationTokenSource(TimeLimit, time);
            outcome = new(await fetch(limit.Token), null);
        }
        catch (Exception error)
        {
            outcome = new(null, Read(error));
        }

        Land(outcome);
        return outcome;
    }

    private void Land(Outcome outcome)
    {
        var now = time.GetUtcNow();
        Held? old = null;
        lock (gate)
        {
            flight = null;
            failure = outcome.Failure;
            if (outcome.Value is { } value)
            {
                held = Held.Of(value, held?.Value, now);
                failures = 0;
                nextTry = default;
            }
            else
            {
                var pause = TimeSpan.FromSeconds(1 << Math.Min(failures++, 10));
                nextTry = now + (pause < LongestPause ? pause : LongestPause);
                old = held;
            }
        }

        if (old is not null && now < old.ExpiresAt)
        {
            logger?.CredentialsNotRenewed(source, outcome.Failure!, old.ExpiresAt);
        }
    }

    // An exception that nobody foresaw is named, but its words are not passed on: they may quote what was being read.
    private UpstreamFailure Read(Exception error) => error switch
    {
        UpstreamException known => known.Failure,
        OperationCanceledException => new(UpstreamFailureKind.Timeout, $"{source} did not answer within {TimeLimit.TotalSeconds:0} s."),
        _ => new(UpstreamFailureKind.ProtocolError, $"{source} could not be asked: {error.GetType().Name}."),
    };

    private sealed record Outcome(T? Value, UpstreamFailure? Failure);

    private sealed record Held(T Value, T? Before, DateTimeOffset RenewFrom, DateTimeOffset ExpiresAt)
    {
        public bool Refused { get; init; }

        public static Held Of(T value, T? before, DateTimeOffset now)
        {
            if (value.ExpiresAt is not { } end)
            {
                return new(value, before, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue);
            }

            var life = end - now > ShortestLife ? end - now : ShortestLife;
            var ahead = life / 5 < MostAhead ? life / 5 : MostAhead;
            return new(value, before, now + life - ahead, now + life);
        }
    }
}
