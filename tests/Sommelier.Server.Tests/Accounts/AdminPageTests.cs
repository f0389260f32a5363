using System.Globalization;
using System.Net;
using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>The pages of the admin API's lists.</summary>
public sealed class AdminPageTests : IAsyncLifetime
{
    private Lab lab = null!;
    private string viewer = null!;

    public async ValueTask InitializeAsync()
    {
        lab = await Lab.StartAsync();
        viewer = (await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "v", Role = KeyRole.Viewer }, "test", default)).Secret;
    }

    public async ValueTask DisposeAsync() => await lab.DisposeAsync();

    [Fact]
    public async Task Every_list_comes_whole_and_in_order_whatever_its_pages()
    {
        var accounts = lab.Gateway.Gateway.Accounts;
        for (var i = 0; i < 4; i++)
        {
            var organisation = await accounts.CreateAsync(AccountKind.Organisation, one => one with { Name = $"o{i.ToString(CultureInfo.InvariantCulture)}" }, "test", default);
            await accounts.CreateAsync(AccountKind.Team, one => one with { Name = "t", ParentId = organisation.Id }, "test", default);
            await accounts.CreateKeyAsync(one => one with { Name = "k" }, "test", default);
        }

        // 4 organisations and teams, 5 keys, 13 acts.
        foreach (var (list, count, newestFirst) in new[] { ("organisations", 4, false), ("teams", 4, false), ("keys", 5, false), ("audit", 13, true) })
        {
            foreach (var limit in new[] { 1, 2, 4, 5, 13, 1000 })
            {
                var read = await Pages.ReadAsync(lab.Gateway, $"/admin/{list}", limit, viewer);
                var ids = read.Items.Select(static one => one.GetProperty("id").GetString()!).ToList();
                Assert.Equal((count, (count + limit - 1) / limit), (ids.Distinct(StringComparer.Ordinal).Count(), read.Count));
                var sorted = ids.Order(StringComparer.Ordinal);
                Assert.Equal(newestFirst ? sorted.Reverse() : sorted, ids);
            }
        }
    }

    [Fact]
    public async Task What_comes_meanwhile_moves_nothing_from_one_page_to_another()
    {
        var accounts = lab.Gateway.Gateway.Accounts;
        await accounts.CreateKeyAsync(one => one with { Name = "a" }, "test", default);
        await accounts.CreateKeyAsync(one => one with { Name = "b" }, "test", default);
        var first = await GetAsync("audit?limit=2");
        await accounts.CreateKeyAsync(one => one with { Name = "c" }, "test", default);
        var second = await GetAsync($"audit?limit=2&after={first.GetProperty("next_after").GetString()}");
        Assert.Equal(["b", "a", "v"], new[] { first, second }.SelectMany(static page => page.GetProperty("data").EnumerateArray()).Select(static act => act.GetProperty("detail").GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("keys?limit=0", "limit", "1 to 1000")]
    [InlineData("teams?limit=1001", "limit", "1 to 1000")]
    [InlineData("organisations?limit=-1", "limit", "1 to 1000")]
    [InlineData("audit?limit=ten", "limit", "1 to 1000")]
    [InlineData("ledger?limit=", "limit", "1 to 1000")]
    [InlineData("keys?limit=1&limit=2", "limit", "once")]
    [InlineData("keys?after=key_none", "after", "next_after")]
    [InlineData("teams?after=%00", "after", "next_after")]
    [InlineData("audit?after=key_none", "after", "next_after")]
    [InlineData("canaries?after=none", "after", "next_after")]
    [InlineData("audit?before=01J9ZQ4W8T0000000000000000", "before", "limit, after")]
    [InlineData("keys?cursor=1", "cursor", "limit, after")]
    public async Task A_wrong_parameter_is_refused_by_its_name_with_the_remedy(string path, string field, string remedy)
    {
        using var reply = await SendAsync(path);
        var error = (await Lab.JsonAsync(reply)).GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, field), (reply.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains(remedy, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(string path) => Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"/admin/{path}", headers: ("Authorization", $"Bearer {viewer}"));

    private async Task<JsonElement> GetAsync(string path)
    {
        using var reply = await SendAsync(path);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return await Lab.JsonAsync(reply);
    }
}
