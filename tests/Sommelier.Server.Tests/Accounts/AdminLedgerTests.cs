using System.Net;
using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>The ledger as a viewer reads it over HTTP.</summary>
public sealed class AdminLedgerTests : IAsyncLifetime
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
    public async Task Pages_of_requests_newest_first_by_key_and_time()
    {
        var accounts = lab.Gateway.Gateway.Accounts;
        var (one, first) = await accounts.CreateKeyAsync(key => key with { Name = "one" }, "test", default);
        var (_, second) = await accounts.CreateKeyAsync(key => key with { Name = "two" }, "test", default);
        foreach (var key in new[] { first, second, first, first })
        {
            using var reply = await Ask.ChatAsync(lab.Gateway, "openai", model: "lab/one", headers: [("x-api-key", key), ("x-sommelier-tags", "a")]);
            await reply.Content.ReadAsStringAsync();
        }

        await lab.Gateway.EntriesAsync(4);
        var page = await GetAsync($"?limit=2&key={one.Id}");
        var entries = page.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(2, entries.Count);
        Assert.True(string.CompareOrdinal(entries[0].GetProperty("id").GetString(), entries[1].GetProperty("id").GetString()) > 0);
        Assert.Equal((22e-6m, one.Id, "succeeded"), (entries[0].GetProperty("cost_usd").GetDecimal(), entries[0].GetProperty("caller").GetString(), entries[0].GetProperty("outcome").GetString()));
        var next = await GetAsync($"?limit=2&key={one.Id}&after={page.GetProperty("next_after").GetString()}");
        Assert.Equal((1, JsonValueKind.Null), (next.GetProperty("data").GetArrayLength(), next.GetProperty("next_after").ValueKind));
        Assert.Equal((true, false), (page.GetProperty("has_more").GetBoolean(), next.GetProperty("has_more").GetBoolean()));
        Assert.Equal(4, (await GetAsync("?from=2020-01-01")).GetProperty("data").GetArrayLength());
        Assert.Equal(0, (await GetAsync("?to=2020-01-01")).GetProperty("data").GetArrayLength());
        var single = await GetAsync($"/{entries[0].GetProperty("id").GetString()}");
        Assert.Equal("lab/one", single.GetProperty("attempts")[0].GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?from=tomorrow", "from")]
    [InlineData("?before=x", "before")]
    [InlineData("?after=x", "after")]
    [InlineData("?keys=key_1", "keys")]
    public async Task A_wrong_question_is_refused_by_its_name(string query, string named)
    {
        using var reply = await SendAsync(query, viewer);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(named, (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Callers_do_not_read_it()
    {
        var (_, caller) = await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "c" }, "test", default);
        using var reply = await SendAsync("", caller);
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        using var none = await SendAsync("/01J9ZQ4W8T0000000000000000", viewer);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var wrong = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, "/admin/ledger", "{}", ("Authorization", $"Bearer {viewer}"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
    }

    private Task<HttpResponseMessage> SendAsync(string rest, string key) => Ask.SendAsync(lab.Gateway, HttpMethod.Get, $"/admin/ledger{rest}", headers: ("Authorization", $"Bearer {key}"));

    private async Task<JsonElement> GetAsync(string rest)
    {
        using var reply = await SendAsync(rest, viewer);
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return await Lab.JsonAsync(reply);
    }
}
