using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Sommelier.Storage;

/// <summary>Everything in which the two databases differ for us. Statements are written once; this file fits them to each.</summary>
/// <remarks>
/// What both understand, and statements keep to: <c>@name</c> parameters, <c>ON CONFLICT</c>, <c>RETURNING</c>, and the types
/// <c>TEXT</c>, <c>BIGINT</c>, <c>DOUBLE PRECISION</c>; table definitions are in SQLite's words.
/// </remarks>
internal abstract class SqlDialect
{
    /// <summary>SQLite.</summary>
    public static SqlDialect Sqlite { get; } = new SqliteDialect();

    /// <summary>PostgreSQL.</summary>
    public static SqlDialect Postgres { get; } = new PostgresDialect();

    /// <summary>A table definition in the words of this database.</summary>
    public abstract string Definition(string sql);

    /// <summary>Begins a transaction in which nobody else migrates, publishes a quality table or rolls a canary back.</summary>
    public abstract IReadOnlyList<string> BeginAlone { get; }

    /// <summary>Whether an error may pass by itself: the database is busy, full, down or unreachable.</summary>
    public abstract bool IsTransient(DbException error);

    /// <summary>Whether an error says that a row of this key is there already.</summary>
    public abstract bool IsDuplicate(DbException error);

    private sealed class SqliteDialect : SqlDialect
    {
        public override IReadOnlyList<string> BeginAlone { get; } = ["BEGIN IMMEDIATE"];

        public override string Definition(string sql) => sql;

        public override bool IsTransient(DbException error) => error is SqliteException
        {
            // BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN, PROTOCOL: sqlite.org/rescode.html
            SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 13 or 14 or 15,
        };

        // SQLITE_CONSTRAINT
        public override bool IsDuplicate(DbException error) => error is SqliteException { SqliteErrorCode: 19 };
    }

    private sealed class PostgresDialect : SqlDialect
    {
        // Any number, but always this one: whoever wants to be alone waits for it.
        private const long AloneLock = 0x736F6D6D656C6965;

        public override IReadOnlyList<string> BeginAlone { get; } =
            ["BEGIN", string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({AloneLock})")];

        public override string Definition(string sql) => sql
            .Replace(" STRICT, WITHOUT ROWID", "", StringComparison.Ordinal)
            .Replace(" STRICT", "", StringComparison.Ordinal)
            .Replace(" INTEGER", " BIGINT", StringComparison.Ordinal)
            .Replace(" REAL", " DOUBLE PRECISION", StringComparison.Ordinal)
            .Replace(" BLOB", " BYTEA", StringComparison.Ordinal);

        // Everything that is no answer of the server, and its classes 08, 40, 53, 55, 57, 58: postgresql.org/docs/current/errcodes-appendix.html
        public override bool IsTransient(DbException error) =>
            error is not PostgresException { SqlState: var state } || state[..2] is "08" or "40" or "53" or "55" or "57" or "58";

        public override bool IsDuplicate(DbException error) => error is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
    }
}
