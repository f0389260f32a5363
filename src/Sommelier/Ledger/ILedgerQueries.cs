namespace Sommelier.Ledger;

/// <summary>The read side of the ledger.</summary>
internal interface ILedgerQueries
{
    /// <summary>One entry with its attempts, or null.</summary>
    ValueTask<LedgerEntry?> GetAsync(string requestId, CancellationToken cancellationToken);

    /// <summary>A page of entries with their attempts.</summary>
    ValueTask<IReadOnlyList<LedgerEntry>> GetPageAsync(LedgerFilter filter, CancellationToken cancellationToken);

    /// <summary>The newest entries, newest first, with their attempts.</summary>
    ValueTask<IReadOnlyList<LedgerEntry>> GetLatestAsync(int count, CancellationToken cancellationToken) =>
        GetPageAsync(new() { Limit = count }, cancellationToken);

    /// <summary>Sums per UTC day and deployment for requests that began in [from, to), oldest day first.</summary>
    ValueTask<IReadOnlyList<LedgerTotal>> GetTotalsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>What an account has used in the window that holds a moment; nothing when it is not known.</summary>
    ValueTask<SpendTotal> GetSpendAsync(string accountId, SpendWindow window, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The decision record of a request as UTF-8 JSON, or null.</summary>
    ValueTask<ReadOnlyMemory<byte>?> GetDecisionAsync(string requestId, CancellationToken cancellationToken);
}
