using System.Globalization;
using Sommelier.Ledger;

namespace Sommelier.Tests.Ledger;

/// <summary>What holds of the ledger's store in either database.</summary>
public abstract class LedgerStoreTests : IAsyncLifetime
{
    private ILedgerStore store = null!;
    private ILedgerQueries queries = null!;

    public async ValueTask InitializeAsync() => (store, queries) = await OpenStoreAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract ValueTask<(ILedgerStore Store, ILedgerQueries Queries)> OpenStoreAsync();

    private protected abstract System.Data.Common.DbConnection Connection();

    [Fact]
    public async Task Gives_back_every_field()
    {
        await Append(Entries.Full(1));

        var read = await queries.GetAsync(Entries.Id(1), default);

        Entries.Same(Entries.Full(1), read);
    }

    [Fact]
    public async Task Gives_back_an_entry_with_nothing_set()
    {
        await Append(Entries.Opening(1) with { OriginalModel = "", DeploymentId = null });

        Entries.Same(Entries.Opening(1) with { OriginalModel = "", DeploymentId = null }, await queries.GetAsync(Entries.Id(1), default));
        Assert.Null(await queries.GetAsync(Entries.Id(2), default));
        Assert.Null(await queries.GetDecisionAsync(Entries.Id(1), default));
    }

    [Fact]
    public async Task Leaves_a_stored_request_as_it_is()
    {
        await store.AppendAsync([new LedgerRecord(Entries.Full(1), Decision("{\"first\":true}"))], default);
        await store.AppendAsync([new LedgerRecord(Entries.Opening(1), Decision("{\"second\":true}"))], default);
        await store.AppendAsync([new LedgerRecord(Entries.Settled(1, 5) with { Attempts = [Entries.Call(7, 5)] }, null)], default);

        Entries.Same(Entries.Full(1), await queries.GetAsync(Entries.Id(1), default));
        Assert.Equal("{\"first\":true}"u8.ToArray(), (await queries.GetDecisionAsync(Entries.Id(1), default))!.Value.ToArray());
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

        ValueTask<SpendTotal> Spend(string account, SpendWindow window) => queries.GetSpendAsync(account, window, Entries.Noon, default);
    }

    [Fact]
    public async Task Stores_a_batch_all_or_nothing()
    {
        var tooMuch = Entries.Settled(2) with { Attempts = [Entries.Call(1, long.MaxValue), Entries.Call(2, 1)] };

        await Assert.ThrowsAsync<OverflowException>(async () => await store.AppendAsync([new LedgerRecord(Entries.Settled(1), null), new LedgerRecord(tooMuch, null)], default));
        await Append(Entries.Settled(3));

        Assert.Null(await queries.GetAsync(Entries.Id(1), default));
        Entries.Same(Entries.Settled(3), await queries.GetAsync(Entries.Id(3), default));
    }

    [Fact]
    public async Task Recovers_from_a_decision_that_cannot_be_written()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.AppendAsync([new LedgerRecord(Entries.Settled(1), new BrokenDecision())], default));
        await Append(Entries.Full(1));

        Entries.Same(Entries.Full(1), await queries.GetAsync(Entries.Id(1), default));
    }

    [Fact]
    public async Task Many_write_the_sums_of_the_same_accounts_at_once()
    {
        await Parallel.ForAsync(0, 200, async (n, cancel) =>
        {
            var entry = Entries.Settled(n, 1) with { CallerKeyId = $"key_{n % 7}", TeamId = $"team_{n % 3}", OrganisationId = "org_1" };
            await store.AppendAsync([new LedgerRecord(entry, null), new LedgerRecord(entry with { RequestId = Entries.Id(1_000 + n) }, null)], cancel);
        });

        Assert.Equal(new SpendTotal(400, 6_000, 400, 0), await queries.GetSpendAsync("org_1", SpendWindow.Month, Entries.Noon, default));
    }

    [Fact]
    public async Task Lists_the_newest_first()
    {
        await Append([.. Enumerable.Range(0, 50).Select(n => Entries.Settled(n))]);

        var latest = await queries.GetLatestAsync(3, default);

        Assert.Equal([Entries.Id(49), Entries.Id(48), Entries.Id(47)], latest.Select(entry => entry.RequestId));
        Assert.Single(latest[0].Attempts);
    }

    [Fact]
    public async Task Pages_go_on_where_the_last_one_ended_whatever_has_come_since()
    {
        await Append([.. Enumerable.Range(0, 25).Select(n => Entries.Settled(n) with { Attempts = [Entries.Call(1, n), Entries.Call(2, 1)] })]);
        List<LedgerEntry> read = [];
        var filter = new LedgerFilter { Limit = 10 };
        while (await queries.GetPageAsync(filter, default) is { Count: > 0 } page)
        {
            read.AddRange(page);
            filter = filter with { Behind = page[^1].RequestId };
            await Append(Entries.Settled(100 + read.Count));
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(Entries.Id), read.Select(entry => entry.RequestId));
        Assert.All(read, entry => Assert.Equal([1, 2], entry.Attempts.Select(attempt => attempt.Number)));
        var oldest = await queries.GetPageAsync(new() { Limit = 3, OldestFirst = true, Behind = Entries.Id(4) }, default);
        Assert.Equal([Entries.Id(5), Entries.Id(6), Entries.Id(7)], oldest.Select(entry => entry.RequestId));
    }

    [Fact]
    public async Task A_page_holds_what_its_filter_lets_through()
    {
        await Append(
            At(Entries.Noon, "a/x", 1) with { CallerKeyId = "key_1", TeamId = "team_1", OrganisationId = "org_1" },
            At(Entries.Noon.AddHours(1), "a/x", 2) with { CallerKeyId = "key_2", TeamId = "team_1", OrganisationId = "org_1" },
            At(Entries.Noon.AddHours(2), "a/x", 3) with { CallerKeyId = "key_3", OrganisationId = "org_1" },
            At(Entries.Noon.AddHours(3), "a/x", 4));

        Assert.Equal((IReadOnlyList<long>)[2, 1], await Costs(new() { Limit = 10, TeamId = "team_1" }));
        Assert.Equal((IReadOnlyList<long>)[3, 2, 1], await Costs(new() { Limit = 10, OrganisationId = "org_1" }));
        Assert.Equal((IReadOnlyList<long>)[2], await Costs(new() { Limit = 10, OrganisationId = "org_1", CallerKeyId = "key_2" }));
        Assert.Equal((IReadOnlyList<long>)[3, 2], await Costs(new() { Limit = 10, From = Entries.Noon.AddHours(1), To = Entries.Noon.AddHours(3) }));
        Assert.Empty(await Costs(new() { Limit = 10, TeamId = "team_1'; DROP TABLE ledger_entries; --" }));

        async Task<IReadOnlyList<long>> Costs(LedgerFilter filter) => [.. (await queries.GetPageAsync(filter, default)).Select(entry => entry.Attempts[0].CostNanoUsd)];
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

        var total = Assert.Single(await queries.GetTotalsAsync(Entries.Noon.AddDays(-1), Entries.Noon.AddDays(1), default));

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

        var totals = await queries.GetTotalsAsync(Entries.Noon, Entries.Noon.AddDays(2), default);

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

    private static LedgerEntry At(DateTimeOffset at, string deployment, long cost) => Entries.Settled(0) with
    {
        RequestId = RequestId.Format(at.ToUnixTimeMilliseconds(), 1, 1),
        StartedAt = at,
        Attempts = [Entries.Call(1, cost) with { DeploymentId = deployment, StartedAt = at }],
    };

    private static JsonLedgerDecision Decision(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));

    private protected async Task Append(params LedgerEntry[] entries) =>
        await store.AppendAsync([.. entries.Select(entry => new LedgerRecord(entry, null))], default);

    private protected ILedgerStore Store => store;

    private protected long Scalar(string sql)
    {
        using var connection = Connection();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private sealed class BrokenDecision : ILedgerDecision
    {
        public void WriteTo(System.Buffers.IBufferWriter<byte> output) => throw new InvalidOperationException("broken");
    }
}
