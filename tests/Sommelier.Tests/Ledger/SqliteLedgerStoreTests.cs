using Microsoft.Data.Sqlite;
using Sommelier.Ledger;
using Sommelier.Ledger.Sqlite;

namespace Sommelier.Tests.Ledger;

public sealed class SqliteLedgerStoreTests : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly SqliteLedgerStore store;

    public SqliteLedgerStoreTests() => store = SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Gives_back_every_field()
    {
        await Append(Entries.Full(1));

        var read = await store.Queries.GetAsync(Entries.Id(1), default);

        Entries.Same(Entries.Full(1), read);
    }

    [Fact]
    public async Task Gives_back_an_entry_with_nothing_set()
    {
        await Append(Entries.Opening(1) with { OriginalModel = "", DeploymentId = null });

        Entries.Same(Entries.Opening(1) with { OriginalModel = "", DeploymentId = null }, await store.Queries.GetAsync(Entries.Id(1), default));
        Assert.Null(await store.Queries.GetAsync(Entries.Id(2), default));
        Assert.Null(await store.Queries.GetDecisionAsync(Entries.Id(1), default));
    }

    [Fact]
    public async Task Leaves_a_stored_request_as_it_is()
    {
        await store.AppendAsync([new LedgerRecord(Entries.Full(1), Decision("{\"first\":true}"))], default);
        await store.AppendAsync([new LedgerRecord(Entries.Opening(1), Decision("{\"second\":true}"))], default);
        await store.AppendAsync([new LedgerRecord(Entries.Settled(1, 5) with { Attempts = [Entries.Call(7, 5)] }, null)], default);

        Entries.Same(Entries.Full(1), await store.Queries.GetAsync(Entries.Id(1), default));
        Assert.Equal("{\"first\":true}"u8.ToArray(), (await store.Queries.GetDecisionAsync(Entries.Id(1), default))!.Value.ToArray());
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM ledger_entries"));
        Assert.Equal(2L, Scalar("SELECT COUNT(*) FROM ledger_attempts"));
    }

    [Fact]
    public async Task Sums_what_every_account_spends_in_every_window_once()
    {
        var late = Entries.Settled(2, 5) with { CallerKeyId = "key_7", StartedAt = Entries.Noon.AddHours(1) };
        await store.AppendAsync([new LedgerRecord(Entries.Settled(1, 7) with { CallerKeyId = "key_7", TeamId = "team_3" }, null), new LedgerRecord(late, null)], default);
        await store.AppendAsync([new LedgerRecord(late, null), new LedgerRecord(Entries.Settled(3, 100), null)], default);

        Assert.Equal(new SpendTotal(1, 15, 7, 0), await Spend("key_7", SpendWindow.Hour));
        Assert.Equal(new SpendTotal(2, 30, 12, 0), await Spend("key_7", SpendWindow.Day));
        Assert.Equal(new SpendTotal(2, 30, 12, 0), await Spend("key_7", SpendWindow.Month));
        Assert.Equal(new SpendTotal(2, 30, 12, 0), await Spend("key_7", SpendWindow.Total));
        Assert.Equal(new SpendTotal(1, 15, 7, 0), await Spend("team_3", SpendWindow.Total));
        Assert.Equal(default, await Spend("org_1", SpendWindow.Total));

        ValueTask<SpendTotal> Spend(string account, SpendWindow window) => store.Queries.GetSpendAsync(account, window, Entries.Noon, default);
    }

    [Fact]
    public async Task Sums_what_was_spent_before_sums_were_kept()
    {
        await store.AppendAsync([new LedgerRecord(Entries.Settled(1, 7) with { CallerKeyId = "key_7" }, null)], default);
        await store.DisposeAsync();
        using (var connection = new SqliteConnection($"Data Source={folder["ledger.db"]};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE ledger_spend; ALTER TABLE ledger_entries DROP COLUMN team_id; ALTER TABLE ledger_entries DROP COLUMN organisation_id; DELETE FROM schema_versions WHERE component = 'ledger' AND version = 2";
            command.ExecuteNonQuery();
        }

        await using var upgraded = SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System);
        foreach (var window in Enum.GetValues<SpendWindow>())
        {
            Assert.Equal(new SpendTotal(1, 15, 7, 0), await upgraded.Queries.GetSpendAsync("key_7", window, Entries.Noon, default));
        }
    }

    [Fact]
    public async Task Stores_a_batch_all_or_nothing()
    {
        var tooMuch = Entries.Settled(2) with { Attempts = [Entries.Call(1, long.MaxValue), Entries.Call(2, 1)] };

        await Assert.ThrowsAsync<OverflowException>(async () => await store.AppendAsync([new LedgerRecord(Entries.Settled(1), null), new LedgerRecord(tooMuch, null)], default));
        await Append(Entries.Settled(3));

        Assert.Null(await store.Queries.GetAsync(Entries.Id(1), default));
        Entries.Same(Entries.Settled(3), await store.Queries.GetAsync(Entries.Id(3), default));
    }

    [Fact]
    public async Task Recovers_from_a_decision_that_cannot_be_written()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.AppendAsync([new LedgerRecord(Entries.Settled(1), new BrokenDecision())], default));
        await Append(Entries.Full(1));

        Entries.Same(Entries.Full(1), await store.Queries.GetAsync(Entries.Id(1), default));
    }

    [Fact]
    public async Task Lists_the_newest_first()
    {
        await Append([.. Enumerable.Range(0, 50).Select(n => Entries.Settled(n))]);

        var latest = await store.Queries.GetLatestAsync(3, default);

        Assert.Equal([Entries.Id(49), Entries.Id(48), Entries.Id(47)], latest.Select(entry => entry.RequestId));
        Assert.Single(latest[0].Attempts);
    }

    [Fact]
    public async Task Sums_money_exactly_beyond_what_a_double_holds()
    {
        // 2^53 + 1 and its like are lost in a double.
        const long Large = 9_007_199_254_740_993;
        await Append(
            Entries.Settled(1) with { Attempts = [Entries.Call(1, Large), Entries.Call(2, 1)] },
            Entries.Settled(2) with { Attempts = [Entries.Call(1, Large, estimated: true)] },
            Entries.Settled(3, 1));

        var total = Assert.Single(await store.Queries.GetTotalsAsync(Entries.Noon.AddDays(-1), Entries.Noon.AddDays(1), default));

        Assert.Equal(2 * Large + 2, total.CostNanoUsd);
        Assert.Equal(Large, total.EstimatedCostNanoUsd);
        Assert.Equal(2 * Large + 2, Scalar("SELECT SUM(cost_nano_usd) FROM ledger_entries"));
        Assert.Equal(Large, Scalar("SELECT SUM(estimated_cost_nano_usd) FROM ledger_entries"));
        Assert.Equal(4, total.Attempts);
        Assert.Equal(40, total.InputTokens);
        Assert.Equal(new DateOnly(2026, 3, 1), total.Day);
    }

    [Fact]
    public async Task Totals_by_day_and_deployment_within_the_range()
    {
        await Append(At(Entries.Noon, "a/x", 1), At(Entries.Noon.AddHours(1), "b/y", 2), At(Entries.Noon.AddDays(1), "a/x", 4), At(Entries.Noon.AddDays(2), "a/x", 8));

        var totals = await store.Queries.GetTotalsAsync(Entries.Noon, Entries.Noon.AddDays(2), default);

        Assert.Equal(
            [(new DateOnly(2026, 3, 1), "a/x", 1L), (new DateOnly(2026, 3, 1), "b/y", 2L), (new DateOnly(2026, 3, 2), "a/x", 4L)],
            totals.Select(total => (total.Day, total.DeploymentId, total.CostNanoUsd)));
    }

    [Fact]
    public async Task Purges_what_is_older_and_nothing_else()
    {
        var old = Enumerable.Range(0, 6_000).Select(n => At(Entries.Noon.AddMilliseconds(n), "a/x", 1)).ToArray();
        await store.AppendAsync([.. old.Select(entry => new LedgerRecord(entry, Decision("{}")))], default);
        await Append(At(Entries.Noon.AddDays(1), "a/x", 1));

        var purged = await store.PurgeAsync(Entries.Noon.AddDays(1), default);

        Assert.Equal(6_000, purged);
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM ledger_entries"));
        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM ledger_attempts"));
        Assert.Equal(0L, Scalar("SELECT COUNT(*) FROM ledger_decisions"));
        Assert.Equal(0, await store.PurgeAsync(Entries.Noon.AddDays(1), default));
    }

    [Fact]
    public async Task Opens_its_own_file_again_and_refuses_one_from_the_future()
    {
        await Append(Entries.Full(1));
        await store.DisposeAsync();
        var again = SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System);
        Entries.Same(Entries.Full(1), await again.Queries.GetAsync(Entries.Id(1), default));
        await again.DisposeAsync();
        Scalar("INSERT INTO schema_versions (component, version, applied_at_ms) VALUES ('ledger', 99, 0)");

        var error = Assert.Throws<InvalidOperationException>(() => SqliteLedgerStore.Open(folder["ledger.db"], TimeProvider.System));

        Assert.Contains("version 99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_so_when_the_file_is_no_database()
    {
        File.WriteAllText(folder["text.db"], "This is a text file, and not a short one, so that it has a header to misread.");

        var error = Assert.Throws<IOException>(() => SqliteLedgerStore.Open(folder["text.db"], TimeProvider.System));

        Assert.Contains("text.db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_stores_the_vendors_words()
    {
        var attempt = Entries.Call(1, 0) with { Failure = new(Canonical.UpstreamFailureKind.AuthenticationFailed, "Incorrect API key provided: sk-secret", 401) };
        await Append(Entries.Settled(1) with { Attempts = [attempt] });
        await store.DisposeAsync();

        foreach (var file in Directory.GetFiles(folder.Path))
        {
            Assert.Equal(-1, (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("sk-secret"u8));
        }
    }

    private static LedgerEntry At(DateTimeOffset at, string deployment, long cost) => Entries.Settled(0) with
    {
        RequestId = RequestId.Format(at.ToUnixTimeMilliseconds(), 1, 1),
        StartedAt = at,
        Attempts = [Entries.Call(1, cost) with { DeploymentId = deployment, StartedAt = at }],
    };

    private static JsonLedgerDecision Decision(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));

    private async Task Append(params LedgerEntry[] entries) =>
        await store.AppendAsync([.. entries.Select(entry => new LedgerRecord(entry, null))], default);

    private object? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder["ledger.db"]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private sealed class BrokenDecision : ILedgerDecision
    {
        public void WriteTo(System.Buffers.IBufferWriter<byte> output) => throw new InvalidOperationException("broken");
    }
}
