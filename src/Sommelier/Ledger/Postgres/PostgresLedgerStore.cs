using System.Buffers;
using System.Data.Common;
using Npgsql;
using Sommelier.Canonical;
using Sommelier.Ledger.Storage;
using Sommelier.Storage;

namespace Sommelier.Ledger.Postgres;

/// <summary>The ledger in a PostgreSQL that several instances write to.</summary>
/// <remarks>A batch is one transaction of two round trips: the entries first, since only those that are new have attempts, decisions and sums to add.</remarks>
internal sealed class PostgresLedgerStore : ILedgerStore
{
    private const int PurgeChunk = 5_000;

    private static readonly string InsertEntry = LedgerSql.Positional(LedgerSql.InsertEntry);
    private static readonly string InsertAttempt = LedgerSql.Positional(LedgerSql.InsertAttempt);
    private static readonly string InsertDecision = LedgerSql.Positional(LedgerSql.InsertDecision);
    private static readonly string AddSpend = LedgerSql.Positional(LedgerSql.AddSpend);

    private readonly Database database;
    private readonly JsonColumns json = new();
    private readonly ArrayBufferWriter<byte> decision = new(8 * 1024);

    private PostgresLedgerStore(Database database)
    {
        this.database = database;
        Queries = new LedgerQueries(database);
    }

    /// <summary>The read side.</summary>
    public ILedgerQueries Queries { get; }

    /// <summary>Brings the tables of a database to the newest version; the database stays the giver's.</summary>
    /// <exception cref="IOException">It cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static async ValueTask<PostgresLedgerStore> OpenAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            Migrator.Migrate(connection, database.Dialect, LedgerSchema.Component, LedgerSchema.Steps(database.Dialect), time);
            return new(database);
        }
        catch (DbException failure)
        {
            throw new IOException($"The ledger's database '{database.Name}' cannot be used: {failure.Message} Check storage.postgres, and that its user may create tables.", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<LedgerRecord> batch, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = (NpgsqlConnection)await database.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var isNew = await InsertAsync(connection, transaction, batch, cancellationToken);
            await using var rest = new NpgsqlBatch(connection, transaction);
            var spend = new SpendSums();
            for (var at = 0; at < batch.Count; at++)
            {
                if (isNew[at])
                {
                    Complete(rest, batch[at], spend);
                }
            }

            // In one order everywhere, so that two instances wait for each other and never for ever.
            foreach (var ((account, window, start), total) in spend.All.OrderBy(static sum => sum.Key.AccountId, StringComparer.Ordinal).ThenBy(static sum => sum.Key.Window).ThenBy(static sum => sum.Key.StartMs))
            {
                Row(rest, AddSpend).Add(account).Add(EnumNames<SpendWindow>.Of(window)).Add(start)
                    .Add(total.Requests).Add(total.Tokens).Add(total.CostNanoUsd).Add(total.EstimatedCostNanoUsd);
            }

            if (rest.BatchCommands.Count > 0)
            {
                await rest.ExecuteNonQueryAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbException failure)
        {
            throw Explain(failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            for (var purged = 0L; ;)
            {
                await using var find = connection.Command(LedgerSql.GetPurgeChunk, ("@before", RequestId.Floor(before)), ("@count", (long)PurgeChunk));
                if (await find.ExecuteScalarAsync(cancellationToken) is not string last)
                {
                    return purged;
                }

                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                await connection.RunAsync(LedgerSql.DeleteDecisions, cancellationToken, ("@last", last));
                await connection.RunAsync(LedgerSql.DeleteAttempts, cancellationToken, ("@last", last));
                purged += await connection.RunAsync(LedgerSql.DeleteEntries, cancellationToken, ("@last", last));
                await transaction.CommitAsync(cancellationToken);
            }
        }
        catch (DbException failure)
        {
            throw Explain(failure);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        json.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<bool[]> InsertAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<LedgerRecord> batch, CancellationToken cancellationToken)
    {
        await using var entries = new NpgsqlBatch(connection, transaction);
        for (var at = 0; at < batch.Count; at++)
        {
            var entry = batch[at].Entry;
            EntryRow.Bind(Row(entries, InsertEntry), entry, LedgerSums.Of(entry.Attempts), json);
        }

        await entries.ExecuteNonQueryAsync(cancellationToken);
        return [.. entries.BatchCommands.Cast<NpgsqlBatchCommand>().Select(static command => command.RecordsAffected > 0)];
    }

    private void Complete(NpgsqlBatch rest, in LedgerRecord record, SpendSums spend)
    {
        var entry = record.Entry;
        spend.Add(entry, LedgerSums.Of(entry.Attempts));
        for (var i = 0; i < entry.Attempts.Count; i++)
        {
            AttemptRow.Bind(Row(rest, InsertAttempt), entry.RequestId, entry.Attempts[i]);
        }

        if (record.Decision is { } content)
        {
            decision.ResetWrittenCount();
            content.WriteTo(decision);
            Row(rest, InsertDecision).Add(entry.RequestId).AddBytes(decision.WrittenSpan);
        }
    }

    private static PostgresRow Row(NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return new(command);
    }

    private LedgerStoreException Explain(DbException failure) =>
        new($"The ledger's database '{database.Name}' cannot be written: {failure.Message}", database.Dialect.IsTransient(failure), failure);
}
