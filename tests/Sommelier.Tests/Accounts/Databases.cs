using Sommelier.Storage;
using Sommelier.TestKit.Services;
using Sommelier.Tests.Ledger;

namespace Sommelier.Tests.Accounts;

/// <summary>Both databases, empty, for tests that must hold on either.</summary>
internal sealed class Databases : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private PostgresServer? server;

    private Databases()
    {
    }

    public Database Database { get; private set; } = null!;

    public static TheoryData<bool> Both => [false, true];

    public static async Task<Databases> StartAsync(bool postgres)
    {
        var made = new Databases();
        if (postgres)
        {
            made.server = await PostgresServer.StartAsync();
            made.Database = Database.OfPostgres(made.server.ConnectionString);
        }
        else
        {
            made.Database = Database.OfSqlite(made.folder["sommelier.db"]);
        }

        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        folder.Dispose();
    }
}
