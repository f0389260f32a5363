using Sommelier.Gateway.Kept;
using Sommelier.Tests.Ledger;

namespace Sommelier.Tests.Gateway;

public sealed class SqliteResponseStoreTests : ResponseStoreTests
{
    [Fact]
    public async Task A_file_outlives_the_process()
    {
        using var folder = new TemporaryFolder();
        var options = new ResponseStoreOptions { Path = Path.Combine(folder.Path, "sub", "responses.db") };
        await using (var store = SqliteResponseStore.Open(options, Time))
        {
            await store.KeepAsync("a", Answer("resp_1"), default);
        }

        await using var again = SqliteResponseStore.Open(options, Time);
        Assert.NotNull(await again.FindAsync("a", "resp_1", default));
    }

    [Fact]
    public void A_file_that_is_no_database_is_told()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "responses.db");
        File.WriteAllText(path, new string('x', 5000));
        var error = Assert.Throws<IOException>(() => SqliteResponseStore.Open(new() { Path = path }, Time));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    private protected override Task<IResponseStore> OpenAsync(ResponseStoreOptions options) => Task.FromResult<IResponseStore>(SqliteResponseStore.Open(options, Time));
}
