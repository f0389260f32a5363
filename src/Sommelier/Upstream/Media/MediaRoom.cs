namespace Sommelier.Upstream.Media;

/// <summary>How many bytes of fetched media the process holds, for all calls together. Who finds no room waits in line. Safe for use by many threads at once.</summary>
internal sealed class MediaRoom
{
    private readonly Lock gate = new();
    private readonly Queue<Waiter> line = new();
    private long used;

    /// <summary>How many bytes are held.</summary>
    public long Used => Interlocked.Read(ref used);

    /// <summary>Waits for room. Whatever its size, a file that finds nothing else there gets in.</summary>
    /// <param name="bytes">How much.</param>
    /// <param name="limit">The most that may be held in all.</param>
    /// <param name="cancellationToken">Ends the wait, with nothing held.</param>
    public async ValueTask EnterAsync(long bytes, long limit, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (gate)
        {
            if (line.Count == 0 && Fits(bytes, limit))
            {
                used += bytes;
                return;
            }

            line.Enqueue(waiter = new(bytes, limit));
        }

        await using (cancellationToken.UnsafeRegister(static (it, token) => ((Waiter)it!).Turn.TrySetCanceled(token), waiter))
        {
            try
            {
                await waiter.Turn.Task;
            }
            catch (OperationCanceledException)
            {
                // Somebody smaller may stand behind.
                Leave(0);
                throw;
            }
        }
    }

    /// <summary>Gives room back.</summary>
    public void Leave(long bytes)
    {
        lock (gate)
        {
            used -= bytes;
            while (line.TryPeek(out var next) && (next.Turn.Task.IsCompleted || Fits(next.Bytes, next.Limit)))
            {
                line.Dequeue();
                if (next.Turn.TrySetResult())
                {
                    used += next.Bytes;
                }
            }
        }
    }

    private bool Fits(long bytes, long limit) => used == 0 || used + bytes <= limit;

    private sealed record Waiter(long Bytes, long Limit)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
