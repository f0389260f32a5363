using Sommelier.Gateway.Bodies;
using Sommelier.Storage;
using Sommelier.Tests.Ledger;

namespace Sommelier.Tests.Gateway.Bodies;

/// <summary>Bodies in either database: once, whole or absent, and gone after their time.</summary>
public sealed class BodyStoreTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bodies_are_stored_once_given_back_and_deleted_by_the_time_of_their_request(bool inPostgres)
    {
        using var folder = new TemporaryFolder();
        await using var database = inPostgres ? Database.OfPostgres(await postgres.DatabaseAsync()) : Database.OfSqlite(folder["bodies.db"]);
        var store = new BodyStore(database);
        await store.PrepareAsync(TimeProvider.System, default);
        await store.PutAsync(new(Entries.Id(1), "{}"u8.ToArray(), true, default(ReadOnlyMemory<byte>?), false), default);
        await store.PutAsync(new(Entries.Id(1), "again"u8.ToArray(), false, "again"u8.ToArray(), false), default);

        var read = (await store.GetAsync(Entries.Id(1), default))!;
        Assert.Equal("{}"u8.ToArray(), read.Request!.Value.ToArray());
        Assert.Equal((true, null, false), (read.RequestCut, read.Reply, read.ReplyCut));
        Assert.Null(await store.GetAsync(Entries.Id(2), default));

        await store.PurgeAsync(Entries.Noon, default);
        Assert.NotNull(await store.GetAsync(Entries.Id(1), default));
        await store.PurgeAsync(Entries.Noon.AddMilliseconds(1), default);
        Assert.Null(await store.GetAsync(Entries.Id(1), default));
    }
}
