using System.Text;
using Microsoft.Data.Sqlite;
using Sommelier.Ledger.Storage;
using SQLitePCL;

namespace Sommelier.Ledger.Sqlite;

/// <summary>A prepared statement that is run again and again: binds by position, without an object per parameter.</summary>
/// <remarks>
/// The ADO.NET command looks every parameter up by name at each run; for the ledger's 63 parameters per request that
/// costs several times the insertion itself.
/// </remarks>
internal sealed class SqliteStatement : IRow, IDisposable
{
    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private byte[] utf8 = new byte[512];
    private int position;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle ?? throw new InvalidOperationException("The connection is not open.");
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out statement), database);
    }

    /// <inheritdoc/>
    public IRow Add(long value)
    {
        Check(raw.sqlite3_bind_int64(statement, ++position, value));
        return this;
    }

    /// <inheritdoc/>
    public IRow Add(long? value)
    {
        return value is { } number ? Add(number) : AddNull();
    }

    /// <inheritdoc/>
    public IRow Add(bool value) => Add(value ? 1L : 0L);

    /// <inheritdoc/>
    public IRow Add(double? value)
    {
        if (value is not { } number)
        {
            return AddNull();
        }

        Check(raw.sqlite3_bind_double(statement, ++position, number));
        return this;
    }

    /// <inheritdoc/>
    public IRow Add(string? value)
    {
        if (value is null)
        {
            return AddNull();
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (utf8.Length < most)
        {
            utf8 = new byte[most];
        }

        return AddText(utf8.AsSpan(0, Encoding.UTF8.GetBytes(value, utf8)));
    }

    /// <inheritdoc/>
    public IRow AddText(ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite takes for NULL.
        Check(value.IsEmpty ? raw.sqlite3_bind_text(statement, ++position, "") : raw.sqlite3_bind_text(statement, ++position, value));
        return this;
    }

    /// <inheritdoc/>
    public IRow AddBytes(ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(statement, ++position, 0) : raw.sqlite3_bind_blob(statement, ++position, value));
        return this;
    }

    /// <inheritdoc/>
    /// <remarks>Nothing is left bound after a run, so there is nothing to do.</remarks>
    public IRow AddNull()
    {
        position++;
        return this;
    }

    /// <summary>Runs it and makes it ready for the next run.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run()
    {
        var result = raw.sqlite3_step(statement);
        var changes = raw.sqlite3_changes(database);

        // The reset repeats the step's error code; the exception reads its text before that.
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            try
            {
                SqliteException.ThrowExceptionForRC(result, database);
            }
            finally
            {
                Restart();
            }
        }

        Restart();
        return changes;
    }

    /// <summary>Ends a run and forgets what is bound, also where that was broken off in the middle.</summary>
    public void Restart()
    {
        position = 0;
        raw.sqlite3_reset(statement);
        raw.sqlite3_clear_bindings(statement);
    }

    public void Dispose() => statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            try
            {
                SqliteException.ThrowExceptionForRC(result, database);
            }
            finally
            {
                Restart();
            }
        }
    }
}
