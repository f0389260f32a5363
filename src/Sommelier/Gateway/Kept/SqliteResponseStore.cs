using Microsoft.Data.Sqlite;
using Sommelier.Ledger.Sqlite;
using Sommelier.Storage;
using SQLitePCL;

namespace Sommelier.Gateway.Kept;

/// <summary>Answers in a SQLite database, in a file or in memory: one connection, one at a time.</summary>
internal sealed class SqliteResponseStore : IResponseStore
{
    private const string Component = "responses";

    private static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE kept_responses (
          caller TEXT NOT NULL, id TEXT NOT NULL, created_at_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, input BLOB NOT NULL, response BLOB NOT NULL,
          PRIMARY KEY (caller, id)) STRICT;
        CREATE INDEX kept_responses_by_age ON kept_responses (created_at_ms);
        CREATE TABLE kept_items (
          caller TEXT NOT NULL, id TEXT NOT NULL, response_id TEXT NOT NULL, json TEXT NOT NULL,
          PRIMARY KEY (caller, id)) STRICT;
        CREATE INDEX kept_items_by_response ON kept_items (caller, response_id);
        """,
    ];

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly SqliteConnection connection;
    private readonly ResponseStoreOptions options;
    private readonly TimeProvider time;

    // What is run at every answer is prepared once.
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement insertResponse;
    private readonly SqliteStatement insertItem;
    private readonly SqliteStatement deleteItems;
    private readonly SqliteStatement deleteResponse;
    private readonly SqliteStatement deleteOld;

    // What all weigh, as far as this process knows.
    private long total;

    private SqliteResponseStore(SqliteConnection connection, ResponseStoreOptions options, TimeProvider time)
    {
        (this.connection, this.options, this.time, total) = (connection, options, time, Total(connection));
        begin = new(connection, "BEGIN IMMEDIATE");
        commit = new(connection, "COMMIT");
        insertResponse = new(connection, "INSERT INTO kept_responses (caller, id, created_at_ms, bytes, input, response) VALUES (?,?,?,?,?,?)");
        insertItem = new(connection, "INSERT OR REPLACE INTO kept_items (caller, id, response_id, json) VALUES (?,?,?,?)");
        deleteItems = new(connection, "DELETE FROM kept_items WHERE caller = ? AND response_id = ?");
        deleteResponse = new(connection, "DELETE FROM kept_responses WHERE caller = ? AND id = ?");
        deleteOld = new(connection, "DELETE FROM kept_responses WHERE created_at_ms < ?");
    }

    private ReadOnlySpan<SqliteStatement> Statements => new[] { begin, commit, insertResponse, insertItem, deleteItems, deleteResponse, deleteOld };

    /// <summary>Opens or makes the database and brings its tables to the newest version.</summary>
    /// <exception cref="IOException">The file cannot be opened or written.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static SqliteResponseStore Open(ResponseStoreOptions options, TimeProvider time)
    {
        if (options.Path is { } path)
        {
            PrivateFolder.CreateFor(path);
        }

        var opened = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = options.Path ?? ":memory:", Pooling = false, DefaultTimeout = 5,
        }.ConnectionString);
        try
        {
            opened.Open();
            opened.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY");
            Migrator.Migrate(opened, SqlDialect.Sqlite, Component, Steps, time);
            return new SqliteResponseStore(opened, options, time);
        }
        catch (SqliteException e)
        {
            opened.Dispose();
            throw new IOException($"The database of kept answers '{options.Path}' cannot be opened: {e.Message} Check that the file is a SQLite database and that its folder can be written.", e);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<KeptAnswer?> FindAsync(string callerId, string id, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            using var command = connection.Command(
                "SELECT created_at_ms, input, response FROM kept_responses WHERE caller = @caller AND id = @id AND created_at_ms >= @oldest",
                ("@caller", callerId), ("@id", id), ("@oldest", Oldest()));
            using var row = command.ExecuteReader();
            return row.Read()
                ? new KeptAnswer(id, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2))
                : null;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> FindItemAsync(string callerId, string itemId, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            using var command = connection.Command(
                """
                SELECT i.json FROM kept_items i JOIN kept_responses r ON r.caller = i.caller AND r.id = i.response_id
                WHERE i.caller = @caller AND i.id = @id AND r.created_at_ms >= @oldest
                """,
                ("@caller", callerId), ("@id", itemId), ("@oldest", Oldest()));
            return command.ExecuteScalar() as string;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask KeepAsync(string callerId, KeptAnswer answer, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var bytes = (long)answer.Input.Length + (2L * answer.Response.Length);
            begin.Run();
            try
            {
                Delete(callerId, answer.Id);
                insertResponse.Add(callerId).Add(answer.Id).Add(answer.CreatedAt.ToUnixTimeMilliseconds()).Add(bytes).AddBytes(answer.Input.Span).AddBytes(answer.Response.Span);
                insertResponse.Run();
                foreach (var (id, json) in answer.Items)
                {
                    insertItem.Add(callerId).Add(id).Add(answer.Id).Add(json);
                    insertItem.Run();
                }

                Trim(bytes);
                commit.Run();
            }
            catch
            {
                RollBack();
                throw;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string callerId, string id, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            begin.Run();
            try
            {
                var any = Delete(callerId, id);
                commit.Run();
                return any;
            }
            catch
            {
                RollBack();
                throw;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        foreach (var statement in Statements)
        {
            statement.Dispose();
        }

        connection.Dispose();
        gate.Dispose();
    }

    private long Oldest() => (time.GetUtcNow() - options.Retention).ToUnixTimeMilliseconds();

    private bool Delete(string callerId, string id)
    {
        deleteItems.Add(callerId).Add(id);
        deleteItems.Run();
        deleteResponse.Add(callerId).Add(id);
        return deleteResponse.Run() > 0;
    }

    // What is too old goes first, then the oldest until the rest fits with room to spare.
    private void Trim(long added)
    {
        var limit = Oldest();
        total += added;
        if (total > options.MaxBytes)
        {
            using var fitting = connection.Command(
                "SELECT MIN(created_at_ms) FROM (SELECT created_at_ms, SUM(bytes) OVER (ORDER BY created_at_ms DESC, id) AS total FROM kept_responses) WHERE total <= @most",
                ("@most", options.MaxBytes / 10 * 9));
            limit = fitting.ExecuteScalar() is long oldest ? Math.Max(limit, oldest) : long.MaxValue;
        }

        deleteOld.Add(limit);
        if (deleteOld.Run() > 0)
        {
            connection.Run("DELETE FROM kept_items WHERE NOT EXISTS (SELECT 1 FROM kept_responses r WHERE r.caller = kept_items.caller AND r.id = kept_items.response_id)");
            total = Total(connection);
        }
    }

    private static long Total(SqliteConnection connection)
    {
        using var sum = connection.Command("SELECT COALESCE(SUM(bytes), 0) FROM kept_responses");
        return (long)sum.ExecuteScalar()!;
    }

    // SQLite itself has rolled back after some errors, e.g. a full disk.
    private void RollBack()
    {
        foreach (var statement in Statements)
        {
            statement.Restart();
        }

        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            connection.Run("ROLLBACK");
        }
    }
}
