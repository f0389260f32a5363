using Npgsql;
using Sommelier.Ledger;
using Sommelier.Ledger.Postgres;
using Sommelier.Storage;

namespace Sommelier.Tests.Ledger;

public sealed class PostgresLedgerStoreTests(PostgresFixture postgres) : LedgerStoreTests
{
    private Database database = null!;
    private string connectionString = null!;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_text_that_postgresql_cannot_hold_is_kept_all_the_same()
    {
        await Append(Entries.Settled(1) with { OriginalModel = "a\0b" });
        Assert.Equal(1, Scalar("SELECT COUNT(*) FROM ledger_entries WHERE original_model = 'a\uFFFDb'"));
    }

    [Fact]
    public async Task A_server_that_is_away_is_a_passing_trouble()
    {
        await using var nowhere = Database.OfPostgres(connectionString.Replace("Port=", "Timeout=1;Port=1;x=", StringComparison.Ordinal).Split(";x=")[0]);
        await Assert.ThrowsAsync<IOException>(async () => await PostgresLedgerStore.OpenAsync(nowhere, TimeProvider.System, default));
    }

    private protected override async ValueTask<(ILedgerStore Store, ILedgerQueries Queries)> OpenStoreAsync()
    {
        connectionString = await postgres.DatabaseAsync();
        database = Database.OfPostgres(connectionString);
        var opened = await PostgresLedgerStore.OpenAsync(database, TimeProvider.System, default);
        return (opened, opened.Queries);
    }

    private protected override System.Data.Common.DbConnection Connection() => new NpgsqlConnection(connectionString);
}
