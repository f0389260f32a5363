using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Extensions.Logging;
using Sommelier.Canaries.Storage;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Routing;
using Sommelier.Storage;

namespace Sommelier.Canaries;

/// <summary>
/// Watches the canaries of a running gateway. A rollback holds here from the next request on, is stored, and is known to the other
/// instances within a second. Each instance counts its own requests, from its start or from the last change of the canary on.
/// </summary>
internal sealed class CanaryBook : IAsyncDisposable
{
    /// <summary>Who rolls back, for the audit log.</summary>
    public const string Actor = "canary";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly CanaryStore store;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly RequestIdGenerator ids;
    private readonly ConcurrentDictionary<CanaryKey, CanaryTally> tallies = new();
    private readonly SemaphoreSlim storing = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly List<CanaryEvent> waiting = [];
    private Dictionary<CanaryKey, (long Number, CanaryEvent Event)> stored = [];
    private Dictionary<CanaryKey, DateTimeOffset> rolledBack = [];
    private Task following = Task.CompletedTask;
    private long known;
    private bool failed;

    private CanaryBook(CanaryStore store, TimeProvider time, ILogger logger)
    {
        (this.store, this.time, this.logger) = (store, time, logger);
        ids = new(time);
    }

    /// <summary>The canaries that get no conversations, since when: what a decision takes.</summary>
    public IReadOnlyDictionary<CanaryKey, DateTimeOffset> RolledBack => Volatile.Read(ref rolledBack);

    /// <summary>Called when this instance rolls a canary back.</summary>
    public Action<CanaryEvent> OnRollback { get; set; } = static _ => { };

    /// <summary>Opens the book.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The table is newer than this program.</exception>
    public static async ValueTask<CanaryBook> OpenAsync(CanaryStore store, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        await store.PrepareAsync(time, cancellationToken);
        var book = new CanaryBook(store, time, logger);
        await book.RefreshAsync(cancellationToken);
        return book;
    }

    /// <summary>From now on follows what other instances do.</summary>
    public void Follow() => following = Task.Run(FollowAsync);

    /// <summary>Counts a request that is over, if it fell at a canary that runs.</summary>
    /// <param name="decision">What was decided; null where it did not come to that.</param>
    /// <param name="attempts">Its calls, in order.</param>
    /// <param name="policies">The policies that it was decided by.</param>
    public void Count(RouteDecision? decision, IReadOnlyList<Attempt> attempts, PolicySet policies)
    {
        if (decision?.Query.Choice.Canary is not { RolledBackAt: null } choice || CanaryOutcome.Of(decision, attempts) is not { } outcome)
        {
            return;
        }

        var key = new CanaryKey(decision.Query.Policy.Name, choice.Version);
        if (RolledBack.ContainsKey(key) || Tally(key, policies) is not { } tally || tally.Add(choice.Arm, outcome) is not { } verdict)
        {
            return;
        }

        RollBack(new() { Key = key, To = choice.To, Action = CanaryAction.Rollback, At = Now(), Actor = Actor, Reason = verdict.Reason, Detail = verdict.Detail });
    }

    /// <summary>What was counted of a canary here; null where nothing was yet.</summary>
    public CanaryTally? Find(CanaryKey key) => tallies.GetValueOrDefault(key);

    /// <summary>The rollback that holds for a canary; null while it runs.</summary>
    public CanaryEvent? RollbackOf(CanaryKey key)
    {
        lock (gate)
        {
            return waiting.Find(one => one.Key == key)
                ?? (stored.TryGetValue(key, out var last) && last.Event.Action == CanaryAction.Rollback ? last.Event : null);
        }
    }

    /// <summary>Lets a canary have its share again, counted anew. Does nothing for one that runs.</summary>
    /// <exception cref="DbException">It cannot be stored, so it does not hold.</exception>
    public async ValueTask ResumeAsync(CanaryKey key, string to, string actor, CancellationToken cancellationToken)
    {
        if (RollbackOf(key) is null)
        {
            return;
        }

        await StoreAsync(cancellationToken);
        await store.AddAsync(new() { Key = key, To = to, Action = CanaryAction.Resume, At = Now(), Actor = actor }, ids.Next(), cancellationToken);
        await RefreshAsync(cancellationToken);
        logger.CanaryResumed(to, key.Policy, actor);
    }

    /// <summary>Stores what waits, and takes over what other instances have done.</summary>
    public async ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        await StoreAsync(cancellationToken);
        await storing.WaitAsync(cancellationToken);
        try
        {
            var count = await store.CountAsync(cancellationToken);
            if (count == known)
            {
                return;
            }

            var newest = await store.NewestAsync(cancellationToken);
            lock (gate)
            {
                foreach (var (number, one) in newest)
                {
                    // What was counted before a canary was resumed does not count after.
                    if (one.Action == CanaryAction.Resume && (!stored.TryGetValue(one.Key, out var last) || last.Number != number))
                    {
                        tallies.TryRemove(one.Key, out _);
                    }
                }

                stored = newest.ToDictionary(one => one.Event.Key);
                known = count;
                Join();
            }
        }
        finally
        {
            storing.Release();
        }
    }

    /// <summary>Stores what waits, as far as it can be.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await following;
        using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5)))
        {
            await TryAsync(StoreAsync, patience.Token);
        }

        stopping.Dispose();
        storing.Dispose();
    }

    private CanaryTally? Tally(CanaryKey key, PolicySet policies) => tallies.TryGetValue(key, out var tally) ? tally
        : CanaryList.Find(policies, key) is { } settings ? tallies.GetOrAdd(key, static (_, settings) => new(settings), settings)
        : null;

    private void RollBack(CanaryEvent rollback)
    {
        lock (gate)
        {
            waiting.Add(rollback);
            Join();
        }

        logger.CanaryRolledBack(rollback.To, rollback.Key.Policy, rollback.Detail);
        OnRollback(rollback);
        _ = Task.Run(() => TryAsync(StoreAsync, stopping.Token));
    }

    private async ValueTask StoreAsync(CancellationToken cancellationToken)
    {
        await storing.WaitAsync(cancellationToken);
        try
        {
            while (First() is { } next)
            {
                await store.AddAsync(next, ids.Next(), cancellationToken);
                lock (gate)
                {
                    waiting.Remove(next);

                    // Until it is read back, with its number, it holds as if it had been.
                    stored[next.Key] = (0, next);
                }
            }
        }
        finally
        {
            storing.Release();
        }

        CanaryEvent? First()
        {
            lock (gate)
            {
                return waiting is [var first, ..] ? first : null;
            }
        }
    }

    // Under the gate.
    private void Join()
    {
        var next = stored.Values.Where(one => one.Event.Action == CanaryAction.Rollback).ToDictionary(one => one.Event.Key, one => one.Event.At);
        foreach (var one in waiting)
        {
            next[one.Key] = one.At;
        }

        Volatile.Write(ref rolledBack, next);
    }

    private async Task FollowAsync()
    {
        using var timer = new PeriodicTimer(Every, time);
        await using var end = timer.EndedBy(stopping.Token);
        try
        {
            while (await timer.WaitForNextTickAsync(CancellationToken.None))
            {
                await TryAsync(RefreshAsync, stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task TryAsync(Func<CancellationToken, ValueTask> act, CancellationToken cancellationToken)
    {
        try
        {
            await act(cancellationToken);
            failed = false;
        }
        catch (Exception failure) when (failure is DbException or InvalidDataException or IOException or TimeoutException)
        {
            // What is known here stays in force, and what waits is tried again.
            if (!failed)
            {
                logger.CanariesUnreadable(failure);
                failed = true;
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    // As it is recorded.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
