using System.Data.Common;
using Sommelier.Storage;

namespace Sommelier.Gateway.Kept;

/// <summary>Answers in the PostgreSQL that several instances share: a conversation may go on at any of them.</summary>
/// <remarks>What is too old or too much goes once a minute, or as soon as this instance has added a twentieth of what all may weigh.</remarks>
internal sealed class SharedResponseStore : IResponseStore
{
    private const string Component = "responses";
    private const long Share = 20;

    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);

    private static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE kept_responses (
          caller TEXT NOT NULL, id TEXT NOT NULL, created_at_ms INTEGER NOT NULL, bytes INTEGER NOT NULL, input BLOB NOT NULL, response BLOB NOT NULL,
          PRIMARY KEY (caller, id)) STRICT;
        CREATE INDEX kept_responses_by_age ON kept_responses (created_at_ms);
        CREATE TABLE kept_items (
          caller TEXT NOT NULL, id TEXT NOT NULL, response_id TEXT NOT NULL, json TEXT NOT NULL,
          PRIMARY KEY (caller, id),
          FOREIGN KEY (caller, response_id) REFERENCES kept_responses (caller, id) ON DELETE CASCADE) STRICT;
        CREATE INDEX kept_items_by_response ON kept_items (caller, response_id);
        """,
    ];

    private readonly Database database;
    private readonly ResponseStoreOptions options;
    private readonly TimeProvider time;
    private long added;
    private long trimmedAt;

    private SharedResponseStore(Database database, ResponseStoreOptions options, TimeProvider time)
    {
        (this.database, this.options, this.time) = (database, options, time);
        trimmedAt = time.GetTimestamp();
    }

    /// <summary>Brings the tables of a database to the newest version; the database stays the giver's.</summary>
    /// <exception cref="IOException">It cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public static async ValueTask<SharedResponseStore> OpenAsync(Database database, ResponseStoreOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
            Migrator.Migrate(connection, database.Dialect, Component, Steps, time);
            return new(database, options, time);
        }
        catch (DbException failure)
        {
            throw new IOException($"The database of kept answers '{database.Name}' cannot be used: {failure.Message} Check storage.postgres, and that its user may create tables.", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<KeptAnswer?> FindAsync(string callerId, string id, CancellationToken cancellationToken)
    {
        if (!IsStorable(id))
        {
            return null;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(
            "SELECT created_at_ms, input, response FROM kept_responses WHERE caller = @caller AND id = @id AND created_at_ms >= @oldest",
            ("@caller", callerId), ("@id", id), ("@oldest", Oldest()));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new KeptAnswer(id, DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2))
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> FindItemAsync(string callerId, string itemId, CancellationToken cancellationToken)
    {
        if (!IsStorable(itemId))
        {
            return null;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(
            """
            SELECT i.json FROM kept_items i JOIN kept_responses r ON r.caller = i.caller AND r.id = i.response_id
            WHERE i.caller = @caller AND i.id = @id AND r.created_at_ms >= @oldest
            """,
            ("@caller", callerId), ("@id", itemId), ("@oldest", Oldest()));
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <inheritdoc/>
    public async ValueTask KeepAsync(string callerId, KeptAnswer answer, CancellationToken cancellationToken)
    {
        var bytes = (long)answer.Input.Length + (2L * answer.Response.Length);
        if (bytes > options.MaxBytes / 10 * 9 || !IsStorable(answer.Id))
        {
            return;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await connection.RunAsync(
                """
                INSERT INTO kept_responses (caller, id, created_at_ms, bytes, input, response) VALUES (@caller, @id, @at, @bytes, @input, @response)
                ON CONFLICT (caller, id) DO UPDATE SET created_at_ms = excluded.created_at_ms, bytes = excluded.bytes, input = excluded.input, response = excluded.response
                """,
                cancellationToken,
                ("@caller", callerId), ("@id", answer.Id), ("@at", answer.CreatedAt.ToUnixTimeMilliseconds()), ("@bytes", bytes), ("@input", answer.Input.ToArray()), ("@response", answer.Response.ToArray()));
            await connection.RunAsync("DELETE FROM kept_items WHERE caller = @caller AND response_id = @id", cancellationToken, ("@caller", callerId), ("@id", answer.Id));
            foreach (var (id, json) in answer.Items.Where(static item => IsStorable(item.Id)))
            {
                await connection.RunAsync(
                    """
                    INSERT INTO kept_items (caller, id, response_id, json) VALUES (@caller, @id, @response, @json)
                    ON CONFLICT (caller, id) DO UPDATE SET response_id = excluded.response_id, json = excluded.json
                    """,
                    cancellationToken,
                    ("@caller", callerId), ("@id", id), ("@response", answer.Id), ("@json", json));
            }

            await transaction.CommitAsync(cancellationToken);
        }

        if (Interlocked.Add(ref added, bytes) > options.MaxBytes / Share || time.GetElapsedTime(Interlocked.Read(ref trimmedAt)) >= TrimEvery)
        {
            Interlocked.Exchange(ref added, 0);
            Interlocked.Exchange(ref trimmedAt, time.GetTimestamp());
            await TrimAsync(connection, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string callerId, string id, CancellationToken cancellationToken)
    {
        if (!IsStorable(id))
        {
            return false;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.RunAsync("DELETE FROM kept_responses WHERE caller = @caller AND id = @id", cancellationToken, ("@caller", callerId), ("@id", id)) > 0;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => default;

    // PostgreSQL's text takes everything but NUL.
    private static bool IsStorable(string id) => !id.Contains('\0', StringComparison.Ordinal);

    private long Oldest() => (time.GetUtcNow() - options.Retention).ToUnixTimeMilliseconds();

    // What is too old, and the oldest until the rest fits with room to spare; their items go with them.
    private async ValueTask TrimAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var limit = Oldest();
        await using var sum = connection.Command("SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM kept_responses WHERE created_at_ms >= @oldest", ("@oldest", limit));
        if ((long)(await sum.ExecuteScalarAsync(cancellationToken))! > options.MaxBytes)
        {
            await using var fitting = connection.Command(
                "SELECT MIN(created_at_ms) FROM (SELECT created_at_ms, SUM(bytes) OVER (ORDER BY created_at_ms DESC, id) AS total FROM kept_responses) AS newest WHERE total <= @most",
                ("@most", options.MaxBytes / 10 * 9));
            limit = await fitting.ExecuteScalarAsync(cancellationToken) is long oldest ? Math.Max(limit, oldest) : limit;
        }

        await connection.RunAsync("DELETE FROM kept_responses WHERE created_at_ms < @limit", cancellationToken, ("@limit", limit));
    }
}
