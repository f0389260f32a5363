using System.Data.Common;
using Sommelier.Accounts;
using Sommelier.Accounts.Storage;
using Sommelier.Canonical;
using Sommelier.Storage;

namespace Sommelier.Canaries.Storage;

/// <summary>What happened to canaries, in a database that other instances may share.</summary>
internal sealed class CanaryStore(Database database)
{
    private const string Columns = "number, policy, version, target, action, at_ms, actor, reason, detail";

    private const string Newest =
        "SELECT " + Columns + " FROM canary_events WHERE number IN (SELECT MAX(number) FROM canary_events GROUP BY policy, version) ORDER BY number";

    private const string Count = "SELECT COALESCE(MAX(number), 0) FROM canary_events";

    private const string Last = "SELECT action FROM canary_events WHERE policy = @policy AND version = @version ORDER BY number DESC LIMIT 1";

    private const string Add =
        "INSERT INTO canary_events (" + Columns + ") "
        + "SELECT COALESCE(MAX(number), 0) + 1, @policy, @version, @target, @action, @at, @actor, @reason, @detail FROM canary_events";

    /// <summary>Brings the table to the newest version, and those of the audit log with it.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    /// <exception cref="InvalidOperationException">The tables are newer than this program.</exception>
    public async ValueTask PrepareAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        Migrator.Migrate(connection, database.Dialect, AccountSchema.Component, AccountSchema.Steps, time);
        Migrator.Migrate(connection, database.Dialect, CanarySchema.Component, CanarySchema.Steps, time);
    }

    /// <summary>How many events there are: it tells whether anything is new.</summary>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(Count);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The newest event of every canary that has one, oldest first, each with its number.</summary>
    /// <exception cref="InvalidDataException">A later Sommelier wrote a word that is not known here.</exception>
    public async ValueTask<IReadOnlyList<(long Number, CanaryEvent Event)>> NewestAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(Newest);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<(long, CanaryEvent)> events = [];
        while (await row.ReadAsync(cancellationToken))
        {
            events.Add((row.GetInt64(0), Read(row)));
        }

        return events;
    }

    /// <summary>Stores an event with its entry in the audit log, unless the canary stands that way already.</summary>
    public async ValueTask AddAsync(CanaryEvent one, string auditId, CancellationToken cancellationToken) => await database.AloneAsync(
        async connection =>
        {
            await using (var last = connection.Command(Last, ("@policy", one.Key.Policy), ("@version", one.Key.Version)))
            {
                if (string.Equals((string?)await last.ExecuteScalarAsync(cancellationToken), EnumNames<CanaryAction>.Of(one.Action), StringComparison.Ordinal))
                {
                    return 0;
                }
            }

            await AccountStore.NoteAsync(connection, new AuditEntry(auditId, one.At, one.Actor, $"canary.{EnumNames<CanaryAction>.Of(one.Action)}", one.Key.Policy, CanaryJson.Text(one)), cancellationToken);
            return await connection.RunAsync(
                Add,
                cancellationToken,
                ("@policy", one.Key.Policy),
                ("@version", one.Key.Version),
                ("@target", one.To),
                ("@action", EnumNames<CanaryAction>.Of(one.Action)),
                ("@at", one.At.ToUnixTimeMilliseconds()),
                ("@actor", one.Actor),
                ("@reason", one.Reason is { } reason ? EnumNames<CanaryReason>.Of(reason) : ""),
                ("@detail", one.Detail));
        },
        cancellationToken);

    private static CanaryEvent Read(DbDataReader row) => new()
    {
        Key = new(row.GetString(1), row.GetString(2)),
        To = row.GetString(3),
        Action = EnumNames<CanaryAction>.Parse(row.GetString(4)) ?? throw new InvalidDataException(
            $"The table canary_events has the action '{row.GetString(4)}', which this Sommelier does not know. Run the newer Sommelier."),
        At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        Actor = row.GetString(6),
        Reason = EnumNames<CanaryReason>.Parse(row.GetString(7)),
        Detail = row.GetString(8),
    };
}
