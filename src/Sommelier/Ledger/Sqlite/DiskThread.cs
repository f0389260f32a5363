using System.Collections.Concurrent;

namespace Sommelier.Ledger.Sqlite;

/// <summary>
/// One thread that does what waits for a disk. On a pool's thread, which on one core may be the only one, a slow
/// <c>fsync</c> would hold up every request.
/// </summary>
internal sealed class DiskThread : IDisposable
{
    private readonly BlockingCollection<Work> queue = [];
    private readonly Thread thread;

    /// <param name="name">What debuggers and <c>top -H</c> show; 15 letters at most.</param>
    public DiskThread(string name)
    {
        thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Does something on the thread, after what was given before.</summary>
    /// <returns>Ends with it, and fails as it did. What awaits it goes on on the thread: the next batch need not wait for its turn in the pool.</returns>
    public Task RunAsync(Action action)
    {
        var work = new Work(action);
        queue.Add(work);
        return work.Done.Task;
    }

    /// <summary>Ends the thread when everything that was given is done.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        if (Thread.CurrentThread != thread)
        {
            thread.Join();
        }
    }

    private void Run()
    {
        using (queue)
        {
            foreach (var work in queue.GetConsumingEnumerable())
            {
                try
                {
                    work.Action();
                }
                catch (Exception e)
                {
                    work.Done.SetException(e);
                    continue;
                }

                work.Done.SetResult();
            }
        }
    }

    private sealed record Work(Action Action)
    {
        public TaskCompletionSource Done { get; } = new();
    }
}
