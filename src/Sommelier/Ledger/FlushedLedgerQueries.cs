namespace Sommelier.Ledger;

/// <summary>Queries that see the caller's own writes: what waits in memory is stored first.</summary>
internal sealed class FlushedLedgerQueries(LedgerWriter writer, ILedgerQueries stored) : ILedgerQueries
{
    /// <inheritdoc/>
    public async ValueTask<LedgerEntry?> GetAsync(string requestId, CancellationToken cancellationToken)
    {
        // What is stored never changes, so a hit needs no flush.
        if (await stored.GetAsync(requestId, cancellationToken) is { } entry)
        {
            return entry;
        }

        await writer.FlushAsync(cancellationToken);
        return await stored.GetAsync(requestId, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerEntry>> GetPageAsync(LedgerFilter filter, CancellationToken cancellationToken)
    {
        await writer.FlushAsync(cancellationToken);
        return await stored.GetPageAsync(filter, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerTotal>> GetTotalsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await writer.FlushAsync(cancellationToken);
        return await stored.GetTotalsAsync(from, to, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<SpendTotal> GetSpendAsync(string accountId, SpendWindow window, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await writer.FlushAsync(cancellationToken);
        return await stored.GetSpendAsync(accountId, window, at, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetDecisionAsync(string requestId, CancellationToken cancellationToken)
    {
        if (await stored.GetDecisionAsync(requestId, cancellationToken) is { } record)
        {
            return record;
        }

        await writer.FlushAsync(cancellationToken);
        return await stored.GetDecisionAsync(requestId, cancellationToken);
    }
}
