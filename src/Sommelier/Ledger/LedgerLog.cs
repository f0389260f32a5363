using Microsoft.Extensions.Logging;

namespace Sommelier.Ledger;

/// <summary>What the ledger tells the log: events 1500 to 1599. Ids and counts only, never content.</summary>
internal static partial class LedgerLog
{
    [LoggerMessage(1500, LogLevel.Error, "The journal could not be written; requests go on without it and are counted as unjournalled, those that count against a budget are refused. Free space on its disk, or make its folder writable.")]
    public static partial void JournalUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(1501, LogLevel.Information, "The journal was written again after {Failures} failures.")]
    public static partial void JournalRecovered(this ILogger logger, long failures);

    [LoggerMessage(1502, LogLevel.Information, "The journal of an earlier run was replayed: {Settled} settled entries, {Unknown} with unknown outcome.")]
    public static partial void JournalReplayed(this ILogger logger, int settled, int unknown);

    [LoggerMessage(1503, LogLevel.Warning, "The journal of an earlier run held {Bytes} bytes of torn or damaged records; they were skipped.")]
    public static partial void JournalDamaged(this ILogger logger, long bytes);

    [LoggerMessage(1510, LogLevel.Error, "The ledger's store failed; {Entries} entries wait and are tried again.")]
    public static partial void StoreUnavailable(this ILogger logger, int entries, Exception exception);

    [LoggerMessage(1511, LogLevel.Information, "The ledger's store was written again.")]
    public static partial void StoreRecovered(this ILogger logger);

    [LoggerMessage(1512, LogLevel.Error, "The store refused the entry of request {RequestId}; it was left out.")]
    public static partial void EntryRefused(this ILogger logger, string requestId, Exception exception);

    [LoggerMessage(1513, LogLevel.Error, "The entry of request {RequestId} was lost: the queue was full and the journal could not be written.")]
    public static partial void EntryLost(this ILogger logger, string requestId);

    [LoggerMessage(1514, LogLevel.Warning, "The ledger's queue was full; entries wait in the journal.")]
    public static partial void QueueOverflowed(this ILogger logger);

    [LoggerMessage(1515, LogLevel.Error, "A spilled entry could not be read back from the journal; it is replayed at the next start.")]
    public static partial void SpilledEntryUnreadable(this ILogger logger, Exception exception);

    [LoggerMessage(1516, LogLevel.Warning, "Entries past their retention could not be deleted; it is tried again in an hour.")]
    public static partial void PurgeFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1517, LogLevel.Warning, "The catalog {Version} could not be stored; replay will miss it unless it is still in force in an hour.")]
    public static partial void CatalogNotKept(this ILogger logger, string version, Exception exception);
}
