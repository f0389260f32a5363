using Sommelier.Gateway.Kept;
using Sommelier.Storage;

namespace Sommelier.Tests.Gateway;

public sealed class SharedResponseStoreTests(PostgresFixture postgres) : ResponseStoreTests, IAsyncDisposable
{
    private Database? database;

    [Fact]
    public async Task Another_instance_finds_it_and_an_id_that_cannot_be_stored_is_not_there()
    {
        await using var one = await OpenAsync(new());
        await using var two = await SharedResponseStore.OpenAsync(database!, new(), Time, default);
        await one.KeepAsync("a", Answer("resp_1"), default);
        await one.KeepAsync("a", Answer("resp_1", 100), default);

        Assert.Equal(102, (await two.FindAsync("a", "resp_1", default))!.Input.Length);
        Assert.Equal("{\"of\":\"resp_1\"}", await two.FindItemAsync("a", "msg_resp_1", default));
        Assert.Null(await two.FindAsync("a", "resp_\0", default));
        Assert.Null(await two.FindItemAsync("a", "msg_\0", default));
        Assert.False(await two.DeleteAsync("a", "resp_\0", default));
        Assert.True(await two.DeleteAsync("a", "resp_1", default));
        Assert.Null(await one.FindItemAsync("a", "msg_resp_1", default));
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private protected override async Task<IResponseStore> OpenAsync(ResponseStoreOptions options)
    {
        database = Database.OfPostgres(await postgres.DatabaseAsync());
        return await SharedResponseStore.OpenAsync(database, options, Time, default);
    }
}
