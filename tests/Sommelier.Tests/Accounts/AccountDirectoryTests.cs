using System.Security.Cryptography;
using System.Text;
using Sommelier.Accounts;

namespace Sommelier.Tests.Accounts;

public sealed class AccountDirectoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Finds_a_key_with_the_accounts_above_it()
    {
        var organisation = new Account { Id = "org_1", Kind = AccountKind.Organisation, Name = "o", CreatedAt = Now, Limits = new() { RequestsPerMinute = 1 } };
        var team = new Account { Id = "team_1", Kind = AccountKind.Team, Name = "t", ParentId = "org_1", CreatedAt = Now };
        var directory = AccountDirectory.Of([organisation, team, Key("a", "team_1"), Key("b", "org_1"), Key("c", null) with { Limits = new() { TokensPerMinute = 1 } }]);

        var a = directory.FindKey("a")!;
        Assert.Equal(("key_a", "team_1", "org_1"), (a.Key.Id, a.Team?.Id, a.Organisation?.Id));
        Assert.Equal(["org_1"], a.Limited.Select(account => account.Id));
        Assert.Equal((null, "org_1"), (directory.FindKey("b")!.Team?.Id, directory.FindKey("b")!.Organisation?.Id));
        Assert.Equal(["key_c"], directory.FindKey("c")!.Limited.Select(account => account.Id));
        Assert.Null(directory.FindKey("d"));
        Assert.Null(directory.FindKey(""));
        Assert.True(directory.HasCallers);
    }

    [Fact]
    public void A_closed_account_closes_the_keys_below_it_and_opens_the_gateway_to_nobody()
    {
        var organisation = new Account { Id = "org_1", Kind = AccountKind.Organisation, Name = "o", CreatedAt = Now, ClosedAt = Now };
        var directory = AccountDirectory.Of([organisation, Key("a", "org_1")]);
        Assert.Equal("org_1", directory.FindKey("a")!.Closed!.Id);
        Assert.True(directory.HasCallers);
    }

    [Fact]
    public void Keys_are_long_random_and_recognisable()
    {
        var key = KeySecret.Create();
        Assert.Matches("^smlr_[A-Za-z0-9_-]{43}$", key);
        Assert.NotEqual(key, KeySecret.Create());
        Assert.Equal(key[..11], KeySecret.PrefixOf(key));
    }

    private static KeyAccount Key(string secret, string? parent) => new()
    {
        Id = $"key_{secret}", Kind = AccountKind.Key, Name = secret, ParentId = parent, CreatedAt = Now, Prefix = secret, Hash = SHA256.HashData(Encoding.UTF8.GetBytes(secret)),
    };
}
