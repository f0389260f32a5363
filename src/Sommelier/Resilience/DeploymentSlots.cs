using System.Collections.Concurrent;
using Sommelier.Catalog;

namespace Sommelier.Resilience;

/// <summary>How many calls run at each deployment, and whether <c>max_concurrency</c> lets in another. One for the whole process.</summary>
/// <remarks>A deployment without a limit is only counted. A reload may change the limit; calls that run keep their slots.</remarks>
internal sealed class DeploymentSlots
{
    private readonly ConcurrentDictionary<string, Count> counts = new(StringComparer.Ordinal);
    private TaskCompletionSource freed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int waiting;

    /// <summary>Takes a slot; <see cref="Release"/> gives it back.</summary>
    /// <returns>False when all are taken.</returns>
    public bool TryTake(Deployment deployment)
    {
        var count = counts.GetOrAdd(deployment.Id, static _ => new());
        if (deployment.MaxConcurrency is not { } most)
        {
            Interlocked.Increment(ref count.Running);
            return true;
        }

        while (Volatile.Read(ref count.Running) is var running && running < most)
        {
            if (Interlocked.CompareExchange(ref count.Running, running + 1, running) == running)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gives a slot back.</summary>
    public void Release(Deployment deployment)
    {
        if (!counts.TryGetValue(deployment.Id, out var count))
        {
            return;
        }

        Interlocked.Decrement(ref count.Running);
        if (Volatile.Read(ref waiting) > 0)
        {
            Interlocked.Exchange(ref freed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    /// <summary>The deployments at which calls run now, and how many.</summary>
    public IEnumerable<KeyValuePair<string, int>> Running()
    {
        foreach (var (id, count) in counts)
        {
            if (Volatile.Read(ref count.Running) is var running and > 0)
            {
                yield return new(id, running);
            }
        }
    }

    /// <summary>Waits until a slot is given back anywhere. Begin before you look for one: what is freed in between is then not missed.</summary>
    public Waiter BeginToWait() => new(this);

    private sealed class Count
    {
        public int Running;
    }

    /// <summary>Somebody who waits for a slot.</summary>
    internal sealed class Waiter : IDisposable
    {
        private readonly DeploymentSlots slots;

        public Waiter(DeploymentSlots slots)
        {
            this.slots = slots;
            Interlocked.Increment(ref slots.waiting);
        }

        /// <summary>Ends when the next slot is given back.</summary>
        public Task Freed => Volatile.Read(ref slots.freed).Task;

        /// <inheritdoc/>
        public void Dispose() => Interlocked.Decrement(ref slots.waiting);
    }
}
