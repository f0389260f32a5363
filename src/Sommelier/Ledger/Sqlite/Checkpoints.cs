using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sommelier.Ledger.Sqlite;

/// <summary>Carries what the write-ahead log holds over to the database file, beside the writer.</summary>
/// <remarks>
/// SQLite's own way is to do it within every commit that finds a thousand pages in the log, and to wait there for the disk, twice. On a
/// disk that others use too that is a second in which no entry is stored and the queue fills. A checkpoint beside a writer that
/// never rests does not reach the log's end, so the log would grow for ever: from <see cref="MostPages"/> on the writer does
/// the rest by itself, of which little is left, and begins the log anew. Errors are left to the next commit, as SQLite does.
/// </remarks>
internal sealed class Checkpoints : IDisposable
{
    /// <summary>Bytes of records between checkpoints: as many as SQLite's thousand pages.</summary>
    private const long Interval = 8 * 1024 * 1024;

    /// <summary>Pages in the log that the writer leaves to others, 64 MB.</summary>
    private const int MostPages = 8_192;

    private readonly DiskThread disk = new("checkpoint");
    private readonly SqliteConnection connection;
    private long written;
    private volatile bool running;
    private volatile bool tooLong;

    /// <param name="writer">The open connection that writes.</param>
    public Checkpoints(SqliteConnection writer)
    {
        connection = new SqliteConnection(new SqliteConnectionStringBuilder(writer.ConnectionString) { Pooling = false }.ConnectionString);
        connection.Open();
        Run(connection, "PRAGMA synchronous = NORMAL");
        Run(writer, "PRAGMA wal_autocheckpoint = 0");
    }

    /// <summary>The writer has committed. Call it on the writer's thread.</summary>
    /// <param name="writer">Its connection.</param>
    /// <param name="bytes">About how much.</param>
    public void Committed(SqliteConnection writer, long bytes)
    {
        written += bytes;
        if (tooLong)
        {
            tooLong = false;
            written = 0;
            Carry(writer);
        }
        else if (written >= Interval && !running)
        {
            written = 0;
            running = true;
            _ = disk.RunAsync(CarryBeside);
        }
    }

    /// <summary>Waits for one that runs. The last connection that closes does the rest.</summary>
    public void Dispose()
    {
        disk.Dispose();
        connection.Dispose();
    }

    private void CarryBeside()
    {
        tooLong = Carry(connection) > MostPages;
        running = false;
    }

    // How many pages the log has; readers are not disturbed, and one that is behind holds it up until next time.
    private static int Carry(SqliteConnection by)
    {
        _ = raw.sqlite3_wal_checkpoint_v2(by.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out var pages, out _);
        return pages;
    }

    private static void Run(SqliteConnection on, string statement)
    {
        using var command = on.CreateCommand();
#pragma warning disable CA2100 // one of two constants
        command.CommandText = statement;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
