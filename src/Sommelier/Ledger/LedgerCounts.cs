namespace Sommelier.Ledger;

/// <summary>What the ledger has done since it was opened, for the meters. All but the depth only grow.</summary>
internal sealed class LedgerCounts
{
    private long stored;
    private long unjournalled;
    private long journalFailures;
    private long spilled;
    private long dropped;
    private long storeFailures;

    /// <summary>Entries that the store took.</summary>
    public long Stored => Interlocked.Read(ref stored);

    /// <summary>Requests that went on although their beginning could not be journalled.</summary>
    public long Unjournalled => Interlocked.Read(ref unjournalled);

    /// <summary>Appends to the journal that failed.</summary>
    public long JournalFailures => Interlocked.Read(ref journalFailures);

    /// <summary>Entries that found the queue full and waited in the journal instead.</summary>
    public long Spilled => Interlocked.Read(ref spilled);

    /// <summary>Entries that were lost: neither queue, nor journal, nor store took them.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Batches that the store refused; they were tried again.</summary>
    public long StoreFailures => Interlocked.Read(ref storeFailures);

    internal void AddStored(int count) => Interlocked.Add(ref stored, count);

    internal void AddUnjournalled() => Interlocked.Increment(ref unjournalled);

    internal long AddJournalFailure() => Interlocked.Increment(ref journalFailures);

    internal void AddSpilled() => Interlocked.Increment(ref spilled);

    internal void AddDropped() => Interlocked.Increment(ref dropped);

    internal void AddStoreFailure() => Interlocked.Increment(ref storeFailures);
}
