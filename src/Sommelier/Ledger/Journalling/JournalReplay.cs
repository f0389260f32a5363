using System.Runtime.InteropServices;

namespace Sommelier.Ledger.Journalling;

/// <summary>What a replay found.</summary>
/// <param name="Settled">Entries that were over when the process died.</param>
/// <param name="Unknown">Entries that were begun and not over.</param>
/// <param name="DamagedBytes">Bytes that belong to no whole record.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JournalReplayResult(int Settled, int Unknown, long DamagedBytes);

/// <summary>Brings the store up to date with what an earlier run left in the journal, then deletes those files.</summary>
/// <remarks>
/// The store ignores ids that it holds, so a replay that is itself interrupted is simply done again, and each request is
/// in the store exactly once. An entry that the store cannot take is told and left out: it must not keep the gateway from starting.
/// </remarks>
internal static class JournalReplay
{
    private const int BatchSize = 512;

    /// <summary>Replays.</summary>
    /// <param name="files">The journal's files, oldest first.</param>
    /// <param name="store">Takes the entries.</param>
    /// <param name="refused">Told of a request whose entry the store refuses, and why.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerStoreException">The store cannot be written now; all files are still there.</exception>
    public static async ValueTask<JournalReplayResult> RunAsync(
        IReadOnlyList<string> files, ILedgerStore store, Action<string, Exception> refused, CancellationToken cancellationToken)
    {
        Dictionary<string, LedgerEntry> open = [];
        Dictionary<string, ILedgerDecision> decisions = [];
        List<LedgerEntry> previous = [];
        var result = default(JournalReplayResult);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
            List<LedgerEntry> settled = [];
            var damaged = Scan(bytes, open, settled, decisions);
            result = result with { Settled = result.Settled + settled.Count, DamagedBytes = result.DamagedBytes + damaged };

            // A decision stands right behind its entry, which may be the first record of the next file.
            await StoreAsync(previous, decisions, store, refused, cancellationToken);
            previous = settled;
        }

        await StoreAsync(previous, decisions, store, refused, cancellationToken);
        result = result with { Unknown = open.Count };
        await StoreAsync([.. open.Values], decisions, store, refused, cancellationToken);
        foreach (var file in files)
        {
            File.Delete(file);
        }

        return result;
    }

    private static long Scan(
        ReadOnlySpan<byte> bytes, Dictionary<string, LedgerEntry> open, List<LedgerEntry> settled, Dictionary<string, ILedgerDecision> decisions)
    {
        long damaged = 0;
        var reader = new JournalReader(bytes);
        while (reader.Next())
        {
            try
            {
                Take(reader.Kind, reader.Fields, open, settled, decisions);
            }
            catch (InvalidDataException)
            {
                // Whole by its checksum and still unreadable: one bad record must not keep the gateway from starting.
                damaged += reader.Fields.Length;
            }
        }

        return damaged + reader.SkippedBytes;
    }

    private static void Take(
        JournalRecordKind kind, ReadOnlySpan<byte> fields, Dictionary<string, LedgerEntry> open, List<LedgerEntry> settled, Dictionary<string, ILedgerDecision> decisions)
    {
        switch (kind)
        {
            case JournalRecordKind.Opened:
                var opened = EntryDecoder.Read(fields);
                open[opened.RequestId] = opened with { Outcome = LedgerOutcome.Unknown };
                break;
            case JournalRecordKind.Settled:
                var entry = EntryDecoder.Read(fields);
                open.Remove(entry.RequestId);
                settled.Add(entry);
                break;
            case JournalRecordKind.Decided:
                var decision = DecisionRecord.Read(fields);
                decisions[decision.RequestId] = decision.Decision;
                break;
        }
    }

    private static async ValueTask StoreAsync(
        List<LedgerEntry> entries, Dictionary<string, ILedgerDecision> decisions, ILedgerStore store, Action<string, Exception> refused, CancellationToken cancellationToken)
    {
        for (var start = 0; start < entries.Count; start += BatchSize)
        {
            var batch = new List<LedgerRecord>(BatchSize);
            foreach (var entry in CollectionsMarshal.AsSpan(entries).Slice(start, Math.Min(BatchSize, entries.Count - start)))
            {
                decisions.Remove(entry.RequestId, out var decision);
                batch.Add(new LedgerRecord(entry, decision));
            }

            if (await RefusalAsync(store, batch, cancellationToken) is null)
            {
                continue;
            }

            foreach (var record in batch)
            {
                if (await RefusalAsync(store, [record], cancellationToken) is { } why)
                {
                    refused(record.Entry.RequestId, why);
                }
            }
        }
    }

    // Null when the store has taken all of it. What may pass, such as a full disk, is no refusal.
    private static async ValueTask<Exception?> RefusalAsync(ILedgerStore store, IReadOnlyList<LedgerRecord> batch, CancellationToken cancellationToken)
    {
        try
        {
            await store.AppendAsync(batch, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is LedgerStoreException { IsTransient: false } or OverflowException)
        {
            return failure;
        }
    }
}
