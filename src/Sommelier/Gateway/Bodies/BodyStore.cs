using System.Data.Common;
using Sommelier.Ledger;
using Sommelier.Storage;

namespace Sommelier.Gateway.Bodies;

/// <summary>Bodies in the ledger's database, in a table of their own.</summary>
internal sealed class BodyStore(Database database)
{
    private static readonly IReadOnlyList<string> Steps =
    [
        """
        CREATE TABLE ledger_bodies (
          request_id TEXT NOT NULL PRIMARY KEY,
          request BLOB,
          request_cut BIGINT NOT NULL,
          reply BLOB,
          reply_cut BIGINT NOT NULL
        );
        """,
    ];

    /// <summary>Brings the table to the newest version.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    public async ValueTask PrepareAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        Migrator.Migrate(connection, database.Dialect, "bodies", Steps, time);
    }

    /// <summary>Stores a request's bodies, once.</summary>
    /// <exception cref="DbException">Nothing was stored.</exception>
    public async ValueTask PutAsync(StoredBodies bodies, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.RunAsync(
            "INSERT INTO ledger_bodies (request_id, request, request_cut, reply, reply_cut) VALUES (@id, @request, @request_cut, @reply, @reply_cut) ON CONFLICT DO NOTHING",
            cancellationToken,
            ("@id", bodies.RequestId),
            ("@request", bodies.Request?.ToArray()),
            ("@request_cut", bodies.RequestCut ? 1L : 0L),
            ("@reply", bodies.Reply?.ToArray()),
            ("@reply_cut", bodies.ReplyCut ? 1L : 0L));
    }

    /// <summary>A request's bodies, or null.</summary>
    public async ValueTask<StoredBodies?> GetAsync(string requestId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command("SELECT request, request_cut, reply, reply_cut FROM ledger_bodies WHERE request_id = @id", ("@id", requestId));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(requestId, Bytes(row, 0), row.GetInt64(1) != 0, Bytes(row, 2), row.GetInt64(3) != 0)
            : null;
    }

    /// <summary>Which requests from one id to another, both included, have bodies, and whether both were stored whole.</summary>
    public async ValueTask<IReadOnlyDictionary<string, bool>> HeldAsync(string first, string last, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(
            "SELECT request_id, request_cut = 0 AND reply_cut = 0 AND request IS NOT NULL FROM ledger_bodies WHERE request_id >= @first AND request_id <= @last", ("@first", first), ("@last", last));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var held = new Dictionary<string, bool>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
        {
            held[row.GetString(0)] = row.GetBoolean(1);
        }

        return held;
    }

    /// <summary>Deletes bodies of requests that began before a moment.</summary>
    /// <exception cref="DbException">Nothing was deleted.</exception>
    public async ValueTask PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.RunAsync("DELETE FROM ledger_bodies WHERE request_id < @before", cancellationToken, ("@before", RequestId.Floor(before)));
    }

    private static ReadOnlyMemory<byte>? Bytes(DbDataReader row, int column) =>
        row.IsDBNull(column) ? default(ReadOnlyMemory<byte>?) : ((byte[])row.GetValue(column)).AsMemory();
}
