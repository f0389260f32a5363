namespace Sommelier.Evals.Runs;

/// <summary>How many calls may run at one provider: doubled while all goes well, cut when the provider says that it is too much.</summary>
/// <remarks>
/// Doubles after each round of as many successes; a rate limit cuts it to four fifths, no more than once in 15 s or in what the
/// provider asks to wait; once cut it grows by one a round. A server error stops the growth of a round without a cut: it says
/// nothing about how much is too much. The scheme is that of Inspect AI. A start above the usual one holds on trust until a round
/// of it has succeeded: any failure before that leads back to the usual start.
/// </remarks>
/// <param name="start">How many calls at once it begins with.</param>
/// <param name="most">The most calls at once.</param>
/// <param name="time">The clock.</param>
internal sealed class AdaptiveLimit(int start, int most, TimeProvider time)
{
    /// <summary>The usual start.</summary>
    public const int UsualStart = 20;

    private const double Cut = 0.8;
    private static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(15);

    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private int limit = Math.Min(start, most);
    private int running;
    private int successes;
    private bool proven = start <= UsualStart;
    private bool wasCut;
    private DateTimeOffset cutAgainAt = DateTimeOffset.MinValue;

    /// <summary>How many may run now.</summary>
    public int Limit
    {
        get
        {
            lock (gate)
            {
                return limit;
            }
        }
    }

    /// <summary>Waits for a place. Each is given back with <see cref="Leave"/>.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (gate)
        {
            if (running < limit)
            {
                running++;
                return;
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(turn);
        }

        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn);
        await turn.Task;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        lock (gate)
        {
            running--;
            Admit();
        }
    }

    /// <summary>A call succeeded.</summary>
    public void Succeeded()
    {
        lock (gate)
        {
            if (++successes < limit)
            {
                return;
            }

            successes = 0;
            proven = true;
            limit = Math.Min(most, wasCut ? limit + 1 : limit * 2);
            Admit();
        }
    }

    /// <summary>The provider says that it is too much.</summary>
    /// <param name="retryAfter">How long it asks to wait, or null.</param>
    public void RateLimited(TimeSpan? retryAfter)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            successes = 0;
            if (now < cutAgainAt)
            {
                return;
            }

            wasCut = true;
            limit = Math.Max(1, Math.Min(Trusted(), (int)(limit * Cut)));
            proven = true;
            cutAgainAt = now + (retryAfter > Cooldown ? retryAfter.Value : Cooldown);
        }
    }

    /// <summary>The provider failed.</summary>
    public void Failed()
    {
        lock (gate)
        {
            successes = 0;
            limit = Trusted();
            proven = true;
        }
    }

    // What holds once something failed: a start that was never proven does not.
    private int Trusted() => proven ? limit : Math.Min(limit, UsualStart);

    private void Admit()
    {
        while (running < limit && waiting.TryDequeue(out var next))
        {
            if (next.TrySetResult())
            {
                running++;
            }
        }
    }
}
