using Microsoft.Data.Sqlite;
using Sommelier.Canonical;

namespace Sommelier.Ledger.Sqlite;

/// <summary>Reads the ledger beside the writer: each query takes a pooled connection of its own.</summary>
internal sealed class SqliteLedgerQueries(string connectionString) : ILedgerQueries
{
    /// <inheritdoc/>
    public async ValueTask<LedgerEntry?> GetAsync(string requestId, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = Command(connection, LedgerSql.GetEntry, ("$id", requestId));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? EntryRow.Read(row, Attempts(connection, requestId)) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerEntry>> GetLatestAsync(int count, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = Command(connection, LedgerSql.GetLatestEntries, ("$count", count));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<LedgerEntry> entries = [];
        while (await row.ReadAsync(cancellationToken))
        {
            entries.Add(EntryRow.Read(row, Attempts(connection, row.GetString(0))));
        }

        return entries;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LedgerTotal>> GetTotalsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = Command(connection, LedgerSql.GetTotals, ("$from", RequestId.Floor(from)), ("$to", RequestId.Floor(to)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<LedgerTotal> totals = [];
        while (await row.ReadAsync(cancellationToken))
        {
            totals.Add(new LedgerTotal(
                DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(row.GetInt32(0)),
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
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = Command(
            connection, LedgerSql.GetSpend, ("$account", accountId), ("$window", EnumNames<SpendWindow>.Of(window)), ("$start", window.StartMs(at)));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)) : default;
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetDecisionAsync(string requestId, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await using var command = Command(connection, LedgerSql.GetDecision, ("$id", requestId));

        // A plain null here would become an empty record, by way of the conversion from arrays.
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] record ? record.AsMemory() : default(ReadOnlyMemory<byte>?);
    }

    private static List<Attempt> Attempts(SqliteConnection connection, string requestId)
    {
        using var command = Command(connection, LedgerSql.GetAttempts, ("$id", requestId));
        using var row = command.ExecuteReader();
        List<Attempt> attempts = [];
        while (row.Read())
        {
            attempts.Add(AttemptRow.Read(row));
        }

        return attempts;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();

        // Every statement is a constant of LedgerSql.
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    private async ValueTask<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
