using Sommelier.Accounts;
using Sommelier.Accounts.Storage;
using Sommelier.Ledger;

namespace Sommelier.Tests.Accounts;

public sealed class AccountStoreTests(PostgresFixture server)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Gives_back_every_field(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        var store = await Store(databases);
        var organisation = new Account { Id = "org_1", Kind = AccountKind.Organisation, Name = "Küferei", CreatedAt = Now };
        var team = new Account
        {
            Id = "team_1",
            Kind = AccountKind.Team,
            Name = "Keller",
            ParentId = "org_1",
            CreatedAt = Now,
            ClosedAt = Now.AddDays(1),
            Limits = new() { Budgets = [new(SpendWindow.Day, 5, null), new(SpendWindow.Total, null, 7)], RequestsPerMinute = 3, TokensPerMinute = 4_000_000_000 },
        };
        var key = new KeyAccount
        {
            Id = "key_1",
            Kind = AccountKind.Key,
            Name = "k",
            ParentId = "team_1",
            CreatedAt = Now,
            Hash = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(),
            Prefix = "smlr_abcdef",
            Role = KeyRole.Editor,
            ExpiresAt = Now.AddDays(9),
            Models = ["openai/*", "claude-opus-5-5"],
            Policies = ["frugal"],
            Scopes = ["chat", "models"],
            NoBodies = true,
        };

        foreach (var (account, seen) in new[] { organisation, team, key }.Select((account, at) => (account, at)))
        {
            Assert.True(await store.PutAsync(account, Act(account.Id), seen, default));
        }

        var (read, version) = await store.ReadAllAsync(default);
        Assert.Equal(3, version);
        Assert.Equivalent(new[] { key, organisation, team }, read, strict: true);
        Assert.True(((KeyAccount)read[0]).Hash.Span.SequenceEqual(key.Hash.Span));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Changes_an_account_with_its_budgets_and_notes_the_act(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        var store = await Store(databases);
        var before = new Account { Id = "org_1", Kind = AccountKind.Organisation, Name = "old", CreatedAt = Now, Limits = new() { Budgets = [new(SpendWindow.Day, 5, null), new(SpendWindow.Hour, 1, 1)] } };
        var after = before with { Name = "new", Limits = new() { Budgets = [new(SpendWindow.Day, 6, null)] } };
        Assert.True(await store.PutAsync(before, Act("1"), 0, default));
        Assert.True(await store.PutAsync(after, Act("2"), 1, default));
        Assert.False(await store.PutAsync(before, Act("late"), 1, default));
        await store.NoteAsync(Act("3"), default);

        var (read, version) = await store.ReadAllAsync(default);
        Assert.Equivalent(new[] { after }, read, strict: true);
        Assert.Equal((2, 2), (version, await store.VersionAsync(default)));
        var acts = await store.ReadAuditAsync(new(2, null), default);
        Assert.Equal(["3", "2"], acts.Items.Select(act => act.Id));
        Assert.Equal("2", acts.NextAfter);
        Assert.Null((await store.ReadAuditAsync(new(3, null), default)).NextAfter);
        Assert.Equal([Act("1")], (await store.ReadAuditAsync(new(2, "2"), default)).Items);
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_act_that_cannot_be_noted_changes_nothing(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        var store = await Store(databases);
        var account = new Account { Id = "org_1", Kind = AccountKind.Organisation, Name = "old", CreatedAt = Now };
        Assert.True(await store.PutAsync(account, Act("1"), 0, default));
        var error = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(async () => await store.PutAsync(account with { Name = "new" }, Act("1"), 1, default));

        Assert.True(databases.Database.Dialect.IsDuplicate(error));
        var (read, version) = await store.ReadAllAsync(default);
        Assert.Equal(("old", 1L), (read[0].Name, version));
    }

    [Theory]
    [MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_may_prepare_at_once_and_nobody_opens_a_newer_one(bool postgres)
    {
        await using var databases = await Databases.StartAsync(postgres ? server : null);
        await Parallel.ForAsync(0, 8, async (_, cancel) => await new AccountStore(databases.Database).PrepareAsync(TimeProvider.System, cancel));
        await using (var connection = await databases.Database.OpenAsync(default))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO schema_versions (component, version, applied_at_ms) VALUES ('accounts', 99, 0)";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await new AccountStore(databases.Database).PrepareAsync(TimeProvider.System, default));
        Assert.Contains("version 99", error.Message, StringComparison.Ordinal);
    }

    private static AuditEntry Act(string id) => new(id, Now, "key_0", "organisation.create", "org_1", "{}");

    private static async Task<AccountStore> Store(Databases databases)
    {
        var store = new AccountStore(databases.Database);
        await store.PrepareAsync(TimeProvider.System, default);
        return store;
    }
}
