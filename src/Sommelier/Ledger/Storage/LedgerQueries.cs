using Sommelier.Canonical;
using Sommelier.Storage;

namespace Sommelier.Ledger.Storage;

/// <summary>Reads the ledger beside the writer: each query takes a pooled connection of its own.</summary>
internal sealed class LedgerQueries(Database database) : ILedgerQueries
{
    /// <inheritdoc/>
    public async ValueTask<LedgerEntry?> GetAsync(string requestId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(LedgerSql.GetEntry, ("@id", requestId));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? EntryRow.Read(row, await AttemptsAsync(database, requestId, cancellationToken)) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerEntry>> GetPageAsync(LedgerFilter filter, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        List<LedgerEntry> entries = [];
        await using (var command = PageSql.Entries(connection, filter))
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                entries.Add(EntryRow.Read(row, new List<Attempt>(1)));
            }
        }

        if (entries.Count == 0)
        {
            return entries;
        }

        var attempts = entries.ToDictionary(entry => entry.RequestId, entry => (List<Attempt>)entry.Attempts, StringComparer.Ordinal);
        await using (var command = PageSql.Attempts(connection, entries))
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                attempts[row.GetString(0)].Add(AttemptRow.Read(row));
            }
        }

        return entries;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerTotal>> GetTotalsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(LedgerSql.GetTotals, ("@from", RequestId.Floor(from)), ("@to", RequestId.Floor(to)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<LedgerTotal> totals = [];
        while (await row.ReadAsync(cancellationToken))
        {
            totals.Add(new LedgerTotal(
                DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)row.GetInt64(0)),
                row.GetString(1),
                row.GetInt64(2),
                row.GetInt64(3),
                row.GetInt64(4),
                row.GetInt64(5),
                row.GetInt64(6)));
        }

        return totals;
    }

    /// <inheritdoc/>
    public async ValueTask<SpendTotal> GetSpendAsync(string accountId, SpendWindow window, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(LedgerSql.GetSpend, ("@account", accountId), ("@window", EnumNames<SpendWindow>.Of(window)), ("@start", window.StartMs(at)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)) : default;
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetDecisionAsync(string requestId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(LedgerSql.GetDecision, ("@id", requestId));

        // A plain null here would become an empty record, by way of the conversion from arrays.
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] record ? record.AsMemory() : default(ReadOnlyMemory<byte>?);
    }

    // On a connection of its own: PostgreSQL reads one answer at a time.
    private static async ValueTask<List<Attempt>> AttemptsAsync(Database database, string requestId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(LedgerSql.GetAttempts, ("@id", requestId));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<Attempt> attempts = [];
        while (await row.ReadAsync(cancellationToken))
        {
            attempts.Add(AttemptRow.Read(row));
        }

        return attempts;
    }
}
