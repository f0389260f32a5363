using System.Buffers;
using Microsoft.Data.Sqlite;
using Sommelier.Canonical;
using Sommelier.Ledger.Storage;
using Sommelier.Storage;
using SQLitePCL;

namespace Sommelier.Ledger.Sqlite;

/// <summary>The ledger in a SQLite file: one connection writes, <see cref="LedgerQueries"/> read beside it.</summary>
internal sealed class SqliteLedgerStore : ILedgerStore
{
    private const int PurgeChunk = 5_000;

    /// <summary>Entries of a batch that need not hurry: requests are few.</summary>
    private const int SmallBatch = 128;

    /// <summary>What an entry and its attempts take, about.</summary>
    private const int EntryBytes = 600;

    /// <summary>What the pages of an entry that goes take in the log, at most about.</summary>
    private const int PurgedBytes = 2_048;

    private static readonly TimeSpan LongestYield = TimeSpan.FromMilliseconds(1);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly DiskThread disk = new("ledger");
    private readonly SqliteConnection connection;
    private readonly Checkpoints checkpoints;
    private readonly TimeProvider time;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollback;
    private readonly SqliteStatement insertEntry;
    private readonly SqliteStatement insertAttempt;
    private readonly SqliteStatement insertDecision;
    private readonly SqliteStatement addSpend;
    private readonly SpendSums spend = new();
    private readonly JsonColumns json = new();
    private readonly ArrayBufferWriter<byte> decision = new(8 * 1024);
    private int disposed;

    private SqliteLedgerStore(SqliteConnection connection, TimeProvider time)
    {
        this.connection = connection;
        this.time = time;
        checkpoints = new Checkpoints(connection);
        begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        commit = new SqliteStatement(connection, "COMMIT");
        rollback = new SqliteStatement(connection, "ROLLBACK");
        insertEntry = new SqliteStatement(connection, LedgerSql.InsertEntry);
        insertAttempt = new SqliteStatement(connection, LedgerSql.InsertAttempt);
        insertDecision = new SqliteStatement(connection, LedgerSql.InsertDecision);
        addSpend = new SqliteStatement(connection, LedgerSql.AddSpend);
        Queries = new LedgerQueries(Database.OfSqlite(connection.DataSource));
    }

    /// <summary>The read side.</summary>
    public ILedgerQueries Queries { get; }

    /// <summary>Opens or makes a database file and brings its tables to the newest version.</summary>
    /// <exception cref="IOException">The file cannot be opened or written.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static SqliteLedgerStore Open(string path, TimeProvider time)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        PrivateFolder.Create(folder);
        var opened = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 5 }.ConnectionString);
        try
        {
            var isNew = new FileInfo(path) is not { Exists: true, Length: > 0 };
            opened.Open();
            Prepare(opened, isNew);
            Migrator.Migrate(opened, SqlDialect.Sqlite, LedgerSchema.Component, LedgerSchema.Steps(SqlDialect.Sqlite), time);
            return new SqliteLedgerStore(opened, time);
        }
        catch (SqliteException e)
        {
            opened.Dispose();
            throw new IOException($"The ledger's database '{path}' cannot be opened: {e.Message} Check that the file is a SQLite database and that its folder can be written.", e);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<LedgerRecord> batch, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            await disk.RunAsync(() => Append(batch));
        }
        catch (SqliteException e)
        {
            throw Explain(e);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var purged = 0L;
        var limit = RequestId.Floor(before);
        while (true)
        {
            // In chunks, so that new entries get in between.
            await gate.WaitAsync(cancellationToken);
            try
            {
                var count = 0L;
                await disk.RunAsync(() => count = PurgeSome(limit));
                purged += count;
                if (count < PurgeChunk)
                {
                    return purged;
                }
            }
            catch (SqliteException e)
            {
                throw Explain(e);
            }
            finally
            {
                gate.Release();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await gate.WaitAsync();
        disk.Dispose();
        checkpoints.Dispose();
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[begin, commit, rollback, insertEntry, insertAttempt, insertDecision, addSpend])
        {
            statement.Dispose();
        }

        json.Dispose();
        SqliteConnection.ClearPool(connection);
        connection.Dispose();
        gate.Dispose();
    }

    private static void Prepare(SqliteConnection connection, bool isNew)
    {
        using var command = connection.CreateCommand();

        // Pages of 8 kB, in a new file: three decision records fit on one, where a page of 4 kB held one and was half empty.
        // NORMAL: a commit survives the death of the process; the newest ones may be lost with the machine's power.
        // OFF while a new file is made and holds nothing: that is three waits for the disk less.
        command.CommandText = (isNew ? "PRAGMA synchronous = OFF; " : "") + "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;";
        command.ExecuteNonQuery();
    }

    private void Append(IReadOnlyList<LedgerRecord> batch)
    {
        spend.Clear();
        begin.Run();
        var bytes = 0L;
        try
        {
            var givesWay = batch.Count <= SmallBatch;
            for (var i = 0; i < batch.Count; i++)
            {
                bytes += Append(batch[i]);
                givesWay = givesWay && GiveWay();
            }

            foreach (var ((account, window, start), total) in spend.All)
            {
                addSpend.Add(account).Add(EnumNames<SpendWindow>.Of(window)).Add(start)
                    .Add(total.Requests).Add(total.Tokens).Add(total.CostNanoUsd).Add(total.EstimatedCostNanoUsd);
                addSpend.Run();
            }

            commit.Run();
        }
        catch
        {
            insertEntry.Restart();
            insertAttempt.Restart();
            insertDecision.Restart();
            addSpend.Restart();

            // SQLite itself has rolled back after some errors, e.g. a full disk.
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                rollback.Run();
            }

            throw;
        }

        checkpoints.Committed(connection, bytes);
    }

    // Where requests share the core, one that has come meanwhile waits for this entry and not for the batch. False once that took
    // long: somebody keeps the core busy, and would get all of it.
    private bool GiveWay()
    {
        var before = time.GetTimestamp();
        Thread.Yield();
        return time.GetElapsedTime(before) < LongestYield;
    }

    // Gives about how many bytes it wrote.
    private long Append(in LedgerRecord record)
    {
        var entry = record.Entry;
        var sums = LedgerSums.Of(entry.Attempts);
        EntryRow.Bind(insertEntry, entry, sums, json);
        if (insertEntry.Run() == 0)
        {
            return 0;
        }

        spend.Add(entry, sums);
        for (var i = 0; i < entry.Attempts.Count; i++)
        {
            AttemptRow.Bind(insertAttempt, entry.RequestId, entry.Attempts[i]);
            insertAttempt.Run();
        }

        if (record.Decision is { } content)
        {
            decision.ResetWrittenCount();
            content.WriteTo(decision);
            insertDecision.Add(entry.RequestId).AddBytes(decision.WrittenSpan);
            insertDecision.Run();
            return EntryBytes + decision.WrittenCount;
        }

        return EntryBytes;
    }

    private long PurgeSome(string limit)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = LedgerSql.GetPurgeChunk;
        command.Parameters.AddWithValue("@before", limit);
        command.Parameters.AddWithValue("@count", PurgeChunk);
        if (command.ExecuteScalar() is not string last)
        {
            return 0;
        }

        command.Parameters.Clear();
        command.Parameters.AddWithValue("@last", last);
        command.CommandText = LedgerSql.DeleteDecisions;
        command.ExecuteNonQuery();
        command.CommandText = LedgerSql.DeleteAttempts;
        command.ExecuteNonQuery();
        command.CommandText = LedgerSql.DeleteEntries;
        var count = command.ExecuteNonQuery();
        transaction.Commit();
        checkpoints.Committed(connection, count * PurgedBytes);
        return count;
    }

    private LedgerStoreException Explain(SqliteException e)
    {
        var transient = e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_IOERR
            or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_NOMEM or raw.SQLITE_PROTOCOL;
        return new LedgerStoreException($"The ledger's database '{connection.DataSource}' cannot be written: {e.Message}", transient, e);
    }
}
