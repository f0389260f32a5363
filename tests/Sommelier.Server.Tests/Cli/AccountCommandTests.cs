using System.Text.Json;

namespace Sommelier.Server.Tests.Cli;

public sealed class AccountCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Accounts_are_made_shown_changed_and_closed()
    {
        var organisation = await DoAsync("org", "create", "Cellar", "--budget", "month=100", "--budget", "day=5,2000000tokens", "--rpm", "60");
        var team = await DoAsync("team", "create", "Barrels", "--org", organisation);
        var made = JsonDocument.Parse(await DoAsync("key", "create", "batch", "--parent", team, "--models", "openai,anthropic", "--scopes", "chat", "--expires", "2027-01-01", "--json")).RootElement;
        Assert.StartsWith("smlr_", made.GetProperty("key").GetString(), StringComparison.Ordinal);
        Assert.Equal(["openai", "anthropic"], made.GetProperty("models").EnumerateArray().Select(name => name.GetString()));

        var listed = await DoAsync("org", "list");
        Assert.Contains("5 USD and 2000000 tokens per day, 100 USD per month, 60 rpm", listed, StringComparison.Ordinal);
        var keys = await DoAsync("key", "list");
        Assert.Contains("until 2027-01-01", keys, StringComparison.Ordinal);
        Assert.DoesNotContain(made.GetProperty("key").GetString()!, keys, StringComparison.Ordinal);

        await DoAsync("budget", "set", organisation, "month=7.5");
        await DoAsync("budget", "clear", organisation, "Day");
        var shown = JsonDocument.Parse(await DoAsync("budget", "show", organisation, "--json")).RootElement;
        Assert.Equal("""[{"window":"month","usd":7.5}]""", JsonSerializer.Serialize(shown.GetProperty("budgets")));
        Assert.Equal(0, shown.GetProperty("spent").GetProperty("total").GetProperty("requests").GetInt32());

        Assert.Contains("revoked", await DoAsync("key", "revoke", made.GetProperty("id").GetString()!), StringComparison.Ordinal);
        Assert.Contains("closed", await DoAsync("team", "close", team), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_printed_in_pages()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await DoAsync("org", "create", name);
        }

        var first = JsonDocument.Parse(await DoAsync("org", "list", "--limit", "2", "--json")).RootElement;
        Assert.Equal((2, true), (first.GetProperty("data").GetArrayLength(), first.GetProperty("has_more").GetBoolean()));
        var next = first.GetProperty("next_after").GetString()!;
        var rest = JsonDocument.Parse(await DoAsync("org", "list", "--after", next, "--json")).RootElement;
        Assert.Equal(["a", "b", "c"], new[] { first, rest }.SelectMany(static page => page.GetProperty("data").EnumerateArray()).Select(static one => one.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.False(rest.GetProperty("has_more").GetBoolean());

        var table = await CliRun.RunAsync(["org", "list", "--limit", "2", "--data", folder.Path]);
        Assert.Equal($"There are more: --after {next}", table.Error.Trim());
    }

    [Theory]
    [InlineData("next_after", "key", "list", "--after", "key_none")]
    [InlineData("1 to 1000", "team", "list", "--limit", "1001")]
    [InlineData("no account 'org_none'", "budget", "show", "org_none")]
    [InlineData("organisation", "team", "create", "t", "--org", "org_none")]
    [InlineData("is no budget", "org", "create", "o", "--budget", "week=1")]
    [InlineData("is no budget", "budget", "set", "org_none", "month=")]
    [InlineData("scope", "key", "create", "k", "--scopes", "fly")]
    public async Task A_mistake_is_told_with_its_remedy(string said, params string[] arguments)
    {
        var result = await CliRun.RunAsync([.. arguments, "--data", folder.Path]);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    private async Task<string> DoAsync(params string[] arguments)
    {
        var result = await CliRun.RunAsync([.. arguments, "--data", folder.Path]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output.Trim();
    }
}
