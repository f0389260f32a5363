using System.Globalization;
using Npgsql;
using Sommelier.TestKit.Services;

[assembly: AssemblyFixture(typeof(Sommelier.Tests.PostgresFixture))]

namespace Sommelier.Tests;

/// <summary>One PostgreSQL for all tests of the assembly, started when the first one asks; a database for each.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private PostgresServer? server;
    private int databases;

    /// <summary>How to connect to a new, empty database; skips the calling test where PostgreSQL is not installed.</summary>
    /// <remarks>Its texts are sorted as in a dictionary, punctuation before digits, as where a server was made under a language: nothing may rest on the order of bytes.</remarks>
    public async Task<string> DatabaseAsync()
    {
        await gate.WaitAsync();
        try
        {
            server ??= await PostgresServer.StartAsync();
        }
        finally
        {
            gate.Release();
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref databases)}");
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'", connection);
        await command.ExecuteNonQueryAsync();
        return server.ConnectionString.Replace("Database=postgres", $"Database={name}", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        gate.Dispose();
    }
}
