using Microsoft.Extensions.Logging;
using Sommelier.Ledger.Journalling;
using Sommelier.Ledger.Sqlite;

namespace Sommelier.Ledger;

/// <summary>
/// The memory of what happened to every request: noted before the upstream call, settled after it, stored in batches.
/// </summary>
/// <remarks>
/// <code>
///  Open    one append to the journal           survives the death of the process
///  (the upstream is called)
///  Settle  one append to the journal, queued   the store takes it within about 50 ms
/// </code>
/// Neither ever fails or waits for the disk. When the journal cannot be written <see cref="Open"/> gives no ticket, and its
/// caller decides whether the request goes on; what is settled waits in memory for the store.
/// </remarks>
internal sealed class RequestLedger : IAsyncDisposable
{
    private readonly Journal journal;
    private readonly ILedgerStore store;
    private readonly LedgerWriter writer;
    private readonly ILogger logger;
    private bool journalDown;
    private int disposed;

    private RequestLedger(Journal journal, ILedgerStore store, ILedgerQueries queries, LedgerOptions options, TimeProvider time, ILogger logger)
    {
        this.journal = journal;
        this.store = store;
        this.logger = logger;
        writer = new LedgerWriter(store, journal, options, Counts, time, logger);
        Queries = new FlushedLedgerQueries(writer, queries);
    }

    /// <summary>The read side; it sees every entry that was settled before the question.</summary>
    public ILedgerQueries Queries { get; }

    /// <summary>What it has done so far.</summary>
    public LedgerCounts Counts { get; } = new();

    /// <summary>Entries that wait in memory for the store.</summary>
    public int QueueDepth => writer.QueueDepth;

    /// <summary>Opens the embedded ledger and replays what an earlier run left in the journal.</summary>
    /// <exception cref="IOException">The database or the journal cannot be opened, or another process uses them.</exception>
    /// <exception cref="InvalidOperationException">The database is newer than this program.</exception>
    public static async ValueTask<RequestLedger> OpenAsync(
        LedgerOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        // The journal first: its lock keeps a second process from replaying what the first one still writes.
        var opened = new Journal(options.JournalFolder, options.JournalSegmentBytes);
        SqliteLedgerStore? database = null;
        try
        {
            database = SqliteLedgerStore.Open(options.DatabasePath, time);
            return await OpenAsync(opened, database, database.Queries, options, time, logger, cancellationToken);
        }
        catch
        {
            opened.Dispose();
            if (database is not null)
            {
                await database.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>The same over another store; takes over journal and store.</summary>
    public static async ValueTask<RequestLedger> OpenAsync(
        Journal journal, ILedgerStore store, ILedgerQueries queries, LedgerOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        if (journal.Leftovers.Length > 0)
        {
            var replayed = await JournalReplay.RunAsync(journal.Leftovers, store, logger.EntryRefused, cancellationToken);
            logger.JournalReplayed(replayed.Settled, replayed.Unknown);
            if (replayed.DamagedBytes > 0)
            {
                logger.JournalDamaged(replayed.DamagedBytes);
            }
        }

        return new RequestLedger(journal, store, queries, options, time, logger);
    }

    /// <summary>Notes a request that is about to reach an upstream. Returns once it would survive the process.</summary>
    /// <returns>What <see cref="Settle"/> needs, or null when the journal cannot be written: whether the request goes on is its caller's to say.</returns>
    public JournalTicket? Open(LedgerEntry entry)
    {
        try
        {
            var ticket = journal.Open(entry);
            JournalWorks();
            return ticket;
        }
        catch (Exception e) when (IsJournalFailure(e))
        {
            JournalFails(e);
            return null;
        }
    }

    /// <summary>Notes that a request that was opened goes on to a further upstream call.</summary>
    /// <returns>False when the journal cannot be written: the earlier note stands.</returns>
    public bool Reopen(JournalTicket ticket, LedgerEntry entry)
    {
        try
        {
            journal.Reopen(ticket, entry);
            JournalWorks();
            return true;
        }
        catch (Exception e) when (IsJournalFailure(e))
        {
            JournalFails(e);
            return false;
        }
    }

    /// <summary>Notes how a request ended, also one that never reached an upstream. Call it exactly once per request.</summary>
    /// <param name="ticket">What <see cref="Open"/> gave, or null when the request was not opened.</param>
    /// <param name="entry">What happened.</param>
    /// <param name="decision">Why; null when nothing was decided.</param>
    public void Settle(JournalTicket? ticket, LedgerEntry entry, ILedgerDecision? decision = null)
    {
        ticket ??= new JournalTicket();
        try
        {
            journal.Settle(ticket, entry);
            JournalWorks();
        }
        catch (Exception e) when (IsJournalFailure(e))
        {
            JournalFails(e);
        }

        writer.Add(entry, decision, ticket);
    }

    /// <summary>Waits until everything that was settled before is stored.</summary>
    /// <exception cref="LedgerStoreException">The store failed; the entries are kept and tried again.</exception>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => writer.FlushAsync(cancellationToken);

    /// <summary>Deletes entries that began before a moment.</summary>
    /// <returns>How many were deleted.</returns>
    public ValueTask<long> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => store.PurgeAsync(before, cancellationToken);

    /// <summary>Stores what waits and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await writer.DisposeAsync();
        journal.Dispose();
        await store.DisposeAsync();
    }

    private static bool IsJournalFailure(Exception e) => e is IOException or UnauthorizedAccessException or ObjectDisposedException;

    private void JournalWorks()
    {
        if (Volatile.Read(ref journalDown) && Interlocked.Exchange(ref journalDown, false))
        {
            logger.JournalRecovered(Counts.JournalFailures);
        }
    }

    private void JournalFails(Exception e)
    {
        Counts.AddJournalFailure();
        if (!Interlocked.Exchange(ref journalDown, true))
        {
            logger.JournalUnavailable(e);
        }
    }
}
