namespace Sommelier.Ledger;

/// <summary>Where settled entries are kept. One writer at a time; see <see cref="ILedgerQueries"/> for the read side.</summary>
internal interface ILedgerStore : IAsyncDisposable
{
    /// <summary>
    /// Stores a batch, all or nothing. A request id that is stored already is left as it is, with its attempts and its
    /// decision: storing twice changes nothing.
    /// </summary>
    /// <exception cref="LedgerStoreException">Nothing of the batch was stored.</exception>
    ValueTask AppendAsync(IReadOnlyList<LedgerRecord> batch, CancellationToken cancellationToken);

    /// <summary>Deletes entries that began before a moment, with attempts and decisions.</summary>
    /// <returns>How many entries were deleted.</returns>
    ValueTask<long> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
