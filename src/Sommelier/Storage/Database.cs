using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Sommelier.Storage;

/// <summary>Where accounts and other shared facts are kept: an embedded SQLite file, or a PostgreSQL that several instances share.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly DbDataSource? source;
    private readonly string? sqlite;
    private readonly bool durable;

    private Database(SqlDialect dialect, string name, DbDataSource? source, string? sqlite, bool durable = true) =>
        (Dialect, Name, this.source, this.sqlite, this.durable) = (dialect, name, source, sqlite, durable);

    /// <summary>How its SQL differs.</summary>
    public SqlDialect Dialect { get; }

    /// <summary>What to call it in messages: never with a password.</summary>
    public string Name { get; }

    /// <summary>Whether other instances use it too.</summary>
    public bool IsShared => source is not null;

    /// <summary>A SQLite file; made when absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="durable">Whether each commit waits for the disk, so that it outlives a loss of power and not only the death of the process.</param>
    public static Database OfSqlite(string path, bool durable = true)
    {
        PrivateFolder.CreateFor(path);
        return new(SqlDialect.Sqlite, path, null, new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 5 }.ConnectionString, durable);
    }

    /// <summary>A PostgreSQL database.</summary>
    /// <param name="connectionString">In Npgsql's form, e.g. <c>Host=db;Username=sommelier;Password=…;Database=sommelier</c>.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static Database OfPostgres(string connectionString)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connectionString);
        builder.EnableTransportSecurity();
        builder.ConnectionStringBuilder.ApplicationName ??= "sommelier";
        var settings = builder.ConnectionStringBuilder;
        return new(SqlDialect.Postgres, $"{settings.Host}:{settings.Port}/{settings.Database}", builder.Build(), null);
    }

    /// <summary>A connection out of the pool; dispose it to give it back.</summary>
    /// <exception cref="DbException">It cannot be reached.</exception>
    public async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        if (source is not null)
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }

        var connection = new SqliteConnection(sqlite);
        await connection.OpenAsync(cancellationToken);
        if (!durable)
        {
            await connection.RunAsync("PRAGMA synchronous = NORMAL", cancellationToken);
        }

        return connection;
    }

    /// <summary>Runs something in a transaction in which nobody else migrates, publishes or rolls back, in this process or another.</summary>
    public async ValueTask<T> AloneAsync<T>(Func<DbConnection, Task<T>> act, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        foreach (var statement in Dialect.BeginAlone)
        {
            await connection.RunAsync(statement, cancellationToken);
        }

        try
        {
            var result = await act(connection);
            await connection.RunAsync("COMMIT", cancellationToken);
            return result;
        }
        catch
        {
            await connection.RunAsync("ROLLBACK", CancellationToken.None);
            throw;
        }
    }

    /// <summary>Closes the pool.</summary>
    public async ValueTask DisposeAsync()
    {
        if (source is not null)
        {
            await source.DisposeAsync();
            return;
        }

        using var pooled = new SqliteConnection(sqlite);
        SqliteConnection.ClearPool(pooled);
    }
}
