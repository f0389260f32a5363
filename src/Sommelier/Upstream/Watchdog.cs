namespace Sommelier.Upstream;

/// <summary>Cancels an attempt that waits too long for its next byte, or when the caller goes away. Says on the way that it is quiet.</summary>
/// <remarks>
/// One timer for the whole attempt: a later deadline only moves a number, and the timer looks at it when it rings. A
/// stream of a thousand chunks thus costs a thousand clock reads, not a thousand timer changes.
/// </remarks>
internal sealed class Watchdog : IDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly long totalAt;
    private readonly CancellationTokenSource source;
    private readonly CancellationToken caller;
    private readonly ITimer timer;
    private long phaseAt = long.MaxValue;
    private long quietFor;
    private long quietAt = long.MaxValue;
    private Action? quiet;
    private long ringsAt;
    private bool disposed;
    private volatile bool abandoned;

    /// <summary>Starts to watch.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="totalAt">The moment, as a timestamp of the clock, after which nothing is waited for.</param>
    /// <param name="caller">Cancelled when the caller goes away.</param>
    public Watchdog(TimeProvider time, long totalAt, CancellationToken caller)
    {
        this.time = time;
        this.totalAt = totalAt;
        this.caller = caller;
        source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Token = source.Token;
        ringsAt = totalAt;
        timer = time.CreateTimer(static state => ((Watchdog)state!).Ring(), this, Until(totalAt), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when a deadline has passed or the caller has gone away.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether a deadline has passed.</summary>
    public bool Expired { get; private set; }

    /// <summary>Whether the caller has gone away.</summary>
    public bool CallerGone => abandoned || caller.IsCancellationRequested;

    /// <summary>Sets how long the next step may take; null leaves only the total.</summary>
    public void Expect(TimeSpan? within)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            phaseAt = within is { } span ? now + Ticks(span) : long.MaxValue;
            quietAt = quiet is null ? long.MaxValue : now + quietFor;
            RingBy(Math.Min(Math.Min(phaseAt, totalAt), quietAt));
        }
    }

    /// <summary>Calls back, from the timer's thread, whenever nothing has been expected anew for so long.</summary>
    public void WhenQuiet(TimeSpan after, Action act)
    {
        lock (gate)
        {
            (quietFor, quiet) = (Ticks(after), act);
            quietAt = time.GetTimestamp() + quietFor;
            RingBy(quietAt);
        }
    }

    /// <summary>Says that the caller has gone away, however that was noticed.</summary>
    public void Abandon()
    {
        abandoned = true;
        Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
        }

        timer.Dispose();
        source.Dispose();
    }

    private void Ring()
    {
        Action? act = null;
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            var now = time.GetTimestamp();
            var due = Math.Min(phaseAt, totalAt);
            if (now < due)
            {
                if (now >= quietAt)
                {
                    (act, quietAt) = (quiet, now + quietFor);
                }

                ringsAt = Math.Min(due, quietAt);
                timer.Change(Until(ringsAt), Timeout.InfiniteTimeSpan);
            }
            else
            {
                Expired = true;
            }
        }

        if (Expired)
        {
            Cancel();
        }
        else
        {
            act?.Invoke();
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);

    // Within the gate.
    private void RingBy(long due)
    {
        if (due < ringsAt && !disposed)
        {
            ringsAt = due;
            timer.Change(Until(due), Timeout.InfiniteTimeSpan);
        }
    }

    private void Cancel()
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended in this very moment.
        }
    }

    // Timers count whole milliseconds: rounding down would make one ring just before its moment, again and again.
    private TimeSpan Until(long due)
    {
        if (due == long.MaxValue)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var span = time.GetElapsedTime(time.GetTimestamp(), due);
        return span <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(span.TotalMilliseconds));
    }
}
