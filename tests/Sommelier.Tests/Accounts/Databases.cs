using Sommelier.Storage;
using Sommelier.Tests.Ledger;

namespace Sommelier.Tests.Accounts;

/// <summary>Both databases, empty, for tests that must hold on either.</summary>
internal sealed class Databases : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private Databases()
    {
    }

    public Database Database { get; private set; } = null!;

    public static TheoryData<bool> Both => [false, true];

    public static async Task<Databases> StartAsync(PostgresFixture? postgres)
    {
        var made = new Databases();
        made.Database = postgres is null ? Database.OfSqlite(made.folder["sommelier.db"]) : Database.OfPostgres(await postgres.DatabaseAsync());
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        folder.Dispose();
    }
}
