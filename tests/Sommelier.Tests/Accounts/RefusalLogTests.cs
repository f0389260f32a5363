using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sommelier.Accounts.Administration;
using Sommelier.Accounts.Storage;
using Sommelier.Ledger;

namespace Sommelier.Tests.Accounts;

/// <summary>Refused acts in the audit log of either database, and how many of them.</summary>
public sealed class RefusalLogTests(PostgresFixture server)
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 27, 12, 0, 30, TimeSpan.Zero));

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_flood_is_told_in_eleven_entries_a_minute_and_silences_nobody_else(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        var store = await StoreAsync(databases);
        await using var refusals = new RefusalLog(store, new RequestIdGenerator(time), time, NullLogger.Instance);

        await Parallel.ForAsync(0, 500, async (_, _) => await refusals.NoteAsync(Refusal(AdminRefusal.Unknown)));
        await refusals.NoteAsync(Refusal("key_1"));
        Assert.Equal((10, 1), (await CountAsync(store, AdminRefusal.Unknown), await CountAsync(store, "key_1")));

        time.Advance(TimeSpan.FromMinutes(1));
        await WaitAsync(store, 12);
        var summary = (await store.ReadAuditAsync(new(1, null), default)).Items[0];
        Assert.Equal((AdminRefusal.Unknown, "admin.refused", """{"suppressed":490}"""), (summary.Actor, summary.Action, summary.Detail));

        // The next minute begins with the next refusal, and its rest is told when the gateway stops.
        for (var i = 0; i < 12; i++)
        {
            await refusals.NoteAsync(Refusal(AdminRefusal.Unknown));
        }

        await refusals.DisposeAsync();
        Assert.Equal("""{"suppressed":2}""", (await store.ReadAuditAsync(new(1, null), default)).Items[0].Detail);
        Assert.Equal(22, await CountAsync(store, AdminRefusal.Unknown));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Refusals_go_after_thirty_days_and_acts_stay(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        var store = await StoreAsync(databases);
        var ids = new RequestIdGenerator(time);
        await using var refusals = new RefusalLog(store, ids, time, NullLogger.Instance);
        await store.NoteAsync(new(ids.Next(), time.GetUtcNow(), "cli", "key.create", "key_1", "{}"), default);
        await refusals.NoteAsync(Refusal("key_1"));
        time.Advance(RefusalLog.Retention);
        await refusals.NoteAsync(Refusal("key_2"));

        await store.DeleteRefusalsAsync(time.GetUtcNow() - RefusalLog.Retention, default);
        Assert.Equal(3, (await store.ReadAuditAsync(new(9, null), default)).Items.Count);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await store.DeleteRefusalsAsync(time.GetUtcNow() - RefusalLog.Retention, default);

        Assert.Equal(["key_2", "cli"], (await store.ReadAuditAsync(new(9, null), default)).Items.Select(static act => act.Actor));
    }

    [Fact]
    public async Task What_the_store_cannot_take_disturbs_nobody()
    {
        await using var databases = await Databases.StartAsync(null);
        await using var refusals = new RefusalLog(new AccountStore(databases.Database), new RequestIdGenerator(time), time, NullLogger.Instance);

        // There is no table.
        await refusals.NoteAsync(Refusal("key_1"));
    }

    [Fact]
    public async Task A_refusal_says_who_what_and_why()
    {
        await using var databases = await Databases.StartAsync(null);
        var store = await StoreAsync(databases);
        await using var refusals = new RefusalLog(store, new RequestIdGenerator(time), time, NullLogger.Instance);
        await refusals.NoteAsync(new("key_1", "team.change", "team_1", 403, "role_too_small", null, "10.0.0.7"));

        var act = Assert.Single((await store.ReadAuditAsync(new(9, null), default)).Items);
        Assert.Equal(("key_1", "team.change.refused", "team_1"), (act.Actor, act.Action, act.Subject));
        var detail = JsonDocument.Parse(act.Detail).RootElement;
        Assert.Equal((403, "role_too_small", "10.0.0.7"), (detail.GetProperty("status").GetInt32(), detail.GetProperty("reason").GetString(), detail.GetProperty("address").GetString()));
    }

    private static AdminRefusal Refusal(string actor) => new(actor, "key.create", "", 401, "unknown_key", null, "127.0.0.1");

    private static async Task<int> CountAsync(AccountStore store, string actor) =>
        (await store.ReadAuditAsync(new(1000, null), default)).Items.Count(act => act.Actor == actor);

    private static async Task WaitAsync(AccountStore store, int count)
    {
        for (var tries = 0; (await store.ReadAuditAsync(new(1000, null), default)).Items.Count < count; tries++)
        {
            Assert.True(tries < 300, "It was not told within half a minute.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<AccountStore> StoreAsync(Databases databases)
    {
        var store = new AccountStore(databases.Database);
        await store.PrepareAsync(time, default);
        return store;
    }
}
