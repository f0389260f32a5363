using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sommelier.Ledger.Journalling;

namespace Sommelier.Ledger;

/// <summary>Carries settled entries to the store, in batches and off the hot path. Adding never waits.</summary>
/// <remarks>
/// One background loop is the only writer. When the queue is full, an entry stays in the journal, where its place is
/// remembered, and is read back when there is room. When the store fails, the batch is kept and tried again.
/// </remarks>
internal sealed class LedgerWriter : IAsyncDisposable
{
    private readonly Channel<Queued> queue;
    private readonly ConcurrentQueue<JournalTicket> spilled = new();
    private readonly ILedgerStore store;
    private readonly Journal journal;
    private readonly LedgerOptions options;
    private readonly LedgerCounts counts;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly List<LedgerRecord> records;
    private readonly List<JournalTicket?> tickets;
    private readonly List<TaskCompletionSource> flushes = [];
    private readonly HashSet<TaskCompletionSource> waiting = [];
    private readonly Task loop;
    private TaskCompletionSource flushWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LedgerStoreException? storeError;
    private bool overflowing;

    public LedgerWriter(ILedgerStore store, Journal journal, LedgerOptions options, LedgerCounts counts, TimeProvider time, ILogger logger)
    {
        this.store = store;
        this.journal = journal;
        this.options = options;
        this.counts = counts;
        this.time = time;
        this.logger = logger;
        records = new List<LedgerRecord>(options.BatchSize);
        tickets = new List<JournalTicket?>(options.BatchSize);
        queue = Channel.CreateBounded<Queued>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        loop = Task.Run(RunAsync);
    }

    /// <summary>Entries that wait in memory.</summary>
    public int QueueDepth => queue.Reader.Count;

    /// <summary>Adds a settled entry.</summary>
    /// <param name="entry">What happened.</param>
    /// <param name="decision">Why, or null.</param>
    /// <param name="ticket">Its place in the journal, or null when it has none.</param>
    public void Add(LedgerEntry entry, ILedgerDecision? decision, JournalTicket? ticket)
    {
        if (queue.Writer.TryWrite(new Queued(entry, decision, ticket, null)))
        {
            return;
        }

        if (ticket is not { Settled.Segment: not null })
        {
            counts.AddDropped();
            logger.EntryLost(entry.RequestId);
            return;
        }

        Spill(entry, decision, ticket);
    }

    /// <summary>Waits until everything that was added before is stored.</summary>
    /// <exception cref="LedgerStoreException">The store failed; the entries are kept and tried again.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waiting)
        {
            if (storeError is not null)
            {
                throw storeError;
            }

            waiting.Add(done);
        }

        try
        {
            // The loop may wait for company while the queue is full: it has to be woken before there is room, and again
            // for the flush itself. A full queue makes room only while the store works, so its failure ends the wait too.
            Volatile.Read(ref flushWanted).TrySetResult();
            var written = queue.Writer.WriteAsync(new Queued(null, null, null, done), cancellationToken).AsTask();
            await await Task.WhenAny(written, done.Task);
            Volatile.Read(ref flushWanted).TrySetResult();
            await done.Task.WaitAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            await loop.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (waiting)
            {
                waiting.Remove(done);
            }
        }
    }

    /// <summary>Stores what waits, tries once when the store fails, and leaves the rest to the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private void Spill(LedgerEntry entry, ILedgerDecision? decision, JournalTicket ticket)
    {
        counts.AddSpilled();
        if (!Interlocked.Exchange(ref overflowing, true))
        {
            logger.QueueOverflowed();
        }

        if (decision is not null)
        {
            try
            {
                journal.Decide(ticket, entry.RequestId, decision);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                // The entry is safe; only its decision record is lost.
                counts.AddJournalFailure();
            }
        }

        spilled.Enqueue(ticket);

        // Company has come: a loop that waits for it must not let the journal fill meanwhile.
        Volatile.Read(ref flushWanted).TrySetResult();
    }

    private async Task RunAsync()
    {
        while (!spilled.IsEmpty || await queue.Reader.WaitToReadAsync())
        {
            TakeQueued();
            if (records.Count < options.BatchSize && flushes.Count == 0 && spilled.IsEmpty)
            {
                await WaitForMoreAsync();
                TakeQueued();
            }

            do
            {
                TakeSpilled();
                if (!await StoreAsync())
                {
                    break;
                }
            }
            while (flushes.Count > 0 && !spilled.IsEmpty);

            CompleteFlushes();
        }
    }

    private void TakeQueued()
    {
        // Renewed before reading: a flush that comes in meanwhile at worst cuts the next wait short.
        if (flushWanted.Task.IsCompleted)
        {
            Volatile.Write(ref flushWanted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        while (records.Count < options.BatchSize && queue.Reader.TryRead(out var queued))
        {
            if (queued.Flush is { } flush)
            {
                flushes.Add(flush);
                continue;
            }

            records.Add(new LedgerRecord(queued.Entry!, queued.Decision));
            tickets.Add(queued.Ticket);
        }
    }

    private void TakeSpilled()
    {
        while (records.Count < options.BatchSize && spilled.TryDequeue(out var ticket))
        {
            try
            {
                records.Add(Journal.Read(ticket));
                tickets.Add(ticket);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                logger.SpilledEntryUnreadable(e);
            }
        }

        if (spilled.IsEmpty)
        {
            Volatile.Write(ref overflowing, false);
        }
    }

    private async Task WaitForMoreAsync()
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        await Task.WhenAny(Task.Delay(options.BatchDelay, time, timeout.Token), flushWanted.Task);
        await timeout.CancelAsync();
    }

    /// <returns>False when it was given up because the writer stops.</returns>
    private async Task<bool> StoreAsync()
    {
        var delay = options.RetryDelay;
        var failed = false;
        while (records.Count > 0)
        {
            try
            {
                await store.AppendAsync(records, CancellationToken.None);
                Stored();
            }
            catch (LedgerStoreException e) when (e.IsTransient)
            {
                counts.AddStoreFailure();
                if (!failed)
                {
                    logger.StoreUnavailable(records.Count, e);
                    failed = true;
                }

                FailFlushes(e);
                if (stopping.IsCancellationRequested)
                {
                    GiveUp(e);
                    return false;
                }

                await PauseAsync(delay);
                delay = delay < options.RetryDelay * 100 ? delay * 2 : delay;
            }
            catch (Exception)
            {
                await StoreOneByOneAsync();
            }
        }

        if (failed)
        {
            logger.StoreRecovered();
        }

        return true;
    }

    /// <summary>One entry that the store cannot take must not keep the others out.</summary>
    private async Task StoreOneByOneAsync()
    {
        while (records.Count > 0)
        {
            try
            {
                await store.AppendAsync(records.GetRange(0, 1), CancellationToken.None);
                StoreWorks();
                counts.AddStored(1);
            }
            catch (LedgerStoreException e) when (e.IsTransient)
            {
                return;
            }
            catch (Exception e)
            {
                StoreWorks();
                counts.AddDropped();
                logger.EntryRefused(records[0].Entry.RequestId, e);
            }

            journal.Release([tickets[0]]);
            records.RemoveAt(0);
            tickets.RemoveAt(0);
        }
    }

    private void StoreWorks()
    {
        lock (waiting)
        {
            storeError = null;
        }
    }

    private void Stored()
    {
        StoreWorks();
        journal.Release(tickets);
        counts.AddStored(records.Count);
        records.Clear();
        tickets.Clear();
    }

    /// <summary>Leaves everything to the journal, where it is replayed at the next start.</summary>
    private void GiveUp(LedgerStoreException error)
    {
        spilled.Clear();
        while (queue.Reader.TryRead(out var queued))
        {
            if (queued.Flush is { } flush)
            {
                flushes.Add(flush);
                continue;
            }

            records.Add(new LedgerRecord(queued.Entry!, queued.Decision));
            tickets.Add(queued.Ticket);
        }

        FailFlushes(error);
        for (var i = 0; i < records.Count; i++)
        {
            if (tickets[i] is not { Settled.Segment: not null })
            {
                counts.AddDropped();
                logger.EntryLost(records[i].Entry.RequestId);
            }
        }

        records.Clear();
        tickets.Clear();
    }

    private async Task PauseAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, time, stopping.Token);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void CompleteFlushes()
    {
        foreach (var flush in flushes)
        {
            flush.TrySetResult();
        }

        flushes.Clear();
    }

    /// <summary>Tells everyone who waits, also those whose turn in the queue has not come, and whoever asks until it works again.</summary>
    private void FailFlushes(LedgerStoreException error)
    {
        lock (waiting)
        {
            storeError = error;
            foreach (var flush in waiting)
            {
                flush.TrySetException(error);
            }
        }

        flushes.Clear();
    }

    private readonly record struct Queued(LedgerEntry? Entry, ILedgerDecision? Decision, JournalTicket? Ticket, TaskCompletionSource? Flush);
}
