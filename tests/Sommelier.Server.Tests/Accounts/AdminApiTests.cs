using System.Net;
using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>The admin API as an administrator uses it, and what it refuses.</summary>
public sealed class AdminApiTests : IAsyncLifetime
{
    private Lab lab = null!;
    private string admin = null!;

    public async ValueTask InitializeAsync()
    {
        lab = await Lab.StartAsync();
        admin = await KeyAsync(KeyRole.Admin);
    }

    public async ValueTask DisposeAsync() => await lab.DisposeAsync();

    [Fact]
    public async Task A_key_is_made_shown_once_used_and_revoked()
    {
        var organisation = await SendAsync(HttpMethod.Post, "organisations", """{"name":"Küferei","budgets":[{"window":"month","usd":100}]}""");
        var team = await SendAsync(HttpMethod.Post, "teams", $$"""{"name":"Keller","organisation_id":"{{Id(organisation)}}"}""");
        var made = await SendAsync(HttpMethod.Post, "keys", $$"""{"name":"batch","parent_id":"{{Id(team)}}","models":["lab/one"],"requests_per_minute":100}""");
        var key = made.GetProperty("key").GetString()!;

        using (var reply = await AskAsync(key, "lab/one"))
        {
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        }

        using (var reply = await AskAsync(key, "lab/two"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
            Assert.Contains("the caller's key allows only lab/one", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await lab.Gateway.EntriesAsync(2);
        var read = await SendAsync(HttpMethod.Get, $"organisations/{Id(organisation)}");
        Assert.Equal(22e-6m, read.GetProperty("spent").GetProperty("month").GetProperty("usd").GetDecimal());
        Assert.Equal("Küferei", read.GetProperty("name").GetString());

        var listed = (await SendAsync(HttpMethod.Get, "keys")).GetProperty("data").EnumerateArray().ToList();
        Assert.DoesNotContain(key, JsonSerializer.Serialize(listed), StringComparison.Ordinal);
        Assert.Contains(listed, one => one.GetProperty("prefix").GetString() == key[..11]);

        await SendAsync(HttpMethod.Delete, $"keys/{Id(made)}");
        using (var reply = await AskAsync(key, "lab/one"))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
            Assert.Contains("revoked", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var acts = (await SendAsync(HttpMethod.Get, "audit")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["key.close", "key.create", "team.create", "organisation.create", "key.create"], acts.Select(act => act.GetProperty("action").GetString()));
        Assert.DoesNotContain(key, JsonSerializer.Serialize(acts), StringComparison.Ordinal);
        await lab.Gateway.DisposeAsync();
        Assert.DoesNotContain(key, lab.Gateway.Log + lab.Gateway.ReadDataFolder(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_a_team_ends_its_keys_and_a_change_keeps_what_it_does_not_name()
    {
        var organisation = await SendAsync(HttpMethod.Post, "organisations", """{"name":"o"}""");
        var team = await SendAsync(HttpMethod.Post, "teams", $$"""{"name":"t","organisation_id":"{{Id(organisation)}}","tokens_per_minute":5}""");
        var key = (await SendAsync(HttpMethod.Post, "keys", $$"""{"name":"k","parent_id":"{{Id(team)}}"}""")).GetProperty("key").GetString()!;
        var changed = await SendAsync(HttpMethod.Patch, $"teams/{Id(team)}", """{"tokens_per_minute":null,"budgets":[{"window":"day","tokens":1000000}]}""");
        Assert.Equal(("t", JsonValueKind.Null, 1_000_000), (changed.GetProperty("name").GetString(), changed.GetProperty("tokens_per_minute").ValueKind, changed.GetProperty("budgets")[0].GetProperty("tokens").GetInt32()));

        await SendAsync(HttpMethod.Delete, $"teams/{Id(team)}");
        using var reply = await AskAsync(key, "lab/one");
        Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
    }

    [Fact]
    public async Task Whoever_changes_a_key_while_it_is_revoked_does_not_bring_it_back_nor_undo_another_change()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = Id(await SendAsync(HttpMethod.Post, "keys", """{"name":"k"}"""));
            await Task.WhenAll(
                SendAsync(HttpMethod.Patch, $"keys/{id}", """{"tokens_per_minute":7}"""),
                SendAsync(HttpMethod.Patch, $"keys/{id}", """{"requests_per_minute":8}"""),
                SendAsync(HttpMethod.Delete, $"keys/{id}"),
                SendAsync(HttpMethod.Patch, $"keys/{id}", """{"no_bodies":true}"""),
                SendAsync(HttpMethod.Patch, $"keys/{id}", """{"models":["lab/one"]}"""));
            var key = await SendAsync(HttpMethod.Get, $"keys/{id}");
            Assert.Equal(JsonValueKind.String, key.GetProperty("closed_at").ValueKind);
            Assert.Equal((7, 8), (key.GetProperty("tokens_per_minute").GetInt32(), key.GetProperty("requests_per_minute").GetInt32()));
            Assert.True(key.GetProperty("no_bodies").GetBoolean());
            Assert.Equal("lab/one", key.GetProperty("models")[0].GetString());
        }
    }

    [Fact]
    public async Task A_key_of_a_closed_team_can_still_be_revoked()
    {
        var organisation = await SendAsync(HttpMethod.Post, "organisations", """{"name":"o"}""");
        var team = await SendAsync(HttpMethod.Post, "teams", $$"""{"name":"t","organisation_id":"{{Id(organisation)}}"}""");
        var key = await SendAsync(HttpMethod.Post, "keys", $$"""{"name":"k","parent_id":"{{Id(team)}}"}""");
        await SendAsync(HttpMethod.Delete, $"teams/{Id(team)}");
        Assert.Equal(JsonValueKind.String, (await SendAsync(HttpMethod.Delete, $"keys/{Id(key)}")).GetProperty("closed_at").ValueKind);
    }

    [Theory]
    [InlineData("organisations", """{"name":""}""", "name")]
    [InlineData("organisations", """{"nam":"x"}""", "nam")]
    [InlineData("organisations", """[]""", "object")]
    [InlineData("organisations", """{"name":"x","budgets":[{"window":"week","usd":1}]}""", "hour, day, month, total")]
    [InlineData("organisations", """{"name":"x","budgets":[{"window":"day"}]}""", "usd, tokens or both")]
    [InlineData("organisations", """{"name":"x","budgets":[{"window":"day","usd":1},{"window":"day","tokens":1}]}""", "two budgets per day")]
    [InlineData("organisations", """{"name":"x","budgets":[{"window":"day","usd":-1}]}""", "negative")]
    [InlineData("organisations", """{"name":"x","requests_per_minute":0}""", "1 or more")]
    [InlineData("teams", """{"name":"x"}""", "organisation_id")]
    [InlineData("teams", """{"name":"x","organisation_id":"org_none"}""", "org_none")]
    [InlineData("keys", """{"name":"x","role":"king"}""", "caller, viewer, editor, admin")]
    [InlineData("keys", """{"name":"x","expires_at":"2001-01-01T00:00:00Z"}""", "future")]
    [InlineData("keys", """{"name":"x","scopes":["fly"]}""", "chat, embeddings, models")]
    [InlineData("keys", """{"name":"x","role":"viewer","models":["a"]}""", "/admin only")]
    [InlineData("keys", """{"name":"x",""", "JSON")]
    [InlineData("keys", """{"name":"x\ud800"}""", "surrogate")]
    [InlineData("keys", """{"name":"x","n\udc00":1}""", "surrogate")]
    [InlineData("keys", """{"name":"x","models":["a\u0000b"]}""", "control characters")]
    [InlineData("organisations", """{"name":"two\nlines"}""", "control characters")]
    public async Task A_bad_change_is_refused_with_its_field_and_remedy(string path, string body, string named)
    {
        using var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Post, $"/admin/{path}", body, ("Authorization", $"Bearer {admin}"));
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(named, (await Lab.JsonAsync(reply)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_open_what_they_should_and_a_callers_key_opens_nothing()
    {
        var viewer = await KeyAsync(KeyRole.Viewer);
        var editor = await KeyAsync(KeyRole.Editor);
        var caller = await KeyAsync(KeyRole.Caller);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(viewer, HttpMethod.Get, "keys"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(viewer, HttpMethod.Get, "audit"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(viewer, HttpMethod.Post, "organisations", """{"name":"x"}"""));
        Assert.Equal(HttpStatusCode.Created, await StatusAsync(editor, HttpMethod.Post, "keys", """{"name":"x"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(editor, HttpMethod.Post, "keys", """{"name":"x","role":"viewer"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(caller, HttpMethod.Get, "keys"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("smlr_wrong", HttpMethod.Get, "keys"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("", HttpMethod.Get, "keys"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(admin, HttpMethod.Get, "keys/key_none"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(admin, HttpMethod.Get, "nothing"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(admin, HttpMethod.Put, "keys"));
        using var reply = await AskAsync(admin, "lab/one");
        Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
    }

    [Fact]
    public async Task An_expired_key_and_one_of_another_scope_are_refused()
    {
        var soon = (await SendAsync(HttpMethod.Post, "keys", $$"""{"name":"x","expires_at":"{{DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 800):O}}"}""")).GetProperty("key").GetString()!;
        var scoped = (await SendAsync(HttpMethod.Post, "keys", """{"name":"x","scopes":["models"]}""")).GetProperty("key").GetString()!;
        using (var reply = await AskAsync(scoped, "lab/one"))
        {
            Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        }

        using (var reply = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/v1/models", headers: ("Authorization", $"Bearer {scoped}")))
        {
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        }

        await Task.Delay(1000, TestContext.Current.CancellationToken);
        using var late = await AskAsync(soon, "lab/one");
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        Assert.Contains("expired", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Id(JsonElement account) => account.GetProperty("id").GetString()!;

    private async Task<string> KeyAsync(KeyRole role) =>
        (await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "test", Role = role }, "test", CancellationToken.None)).Secret;

    private Task<HttpResponseMessage> AskAsync(string key, string model) => Ask.ChatAsync(lab.Gateway, "openai", model: model, headers: ("Authorization", $"Bearer {key}"));

    private async Task<HttpStatusCode> StatusAsync(string key, HttpMethod method, string path, string? body = null)
    {
        using var reply = await Ask.SendAsync(lab.Gateway, method, $"/admin/{path}", body, ("Authorization", $"Bearer {key}"));
        return reply.StatusCode;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var reply = await Ask.SendAsync(lab.Gateway, method, $"/admin/{path}", body, ("Authorization", $"Bearer {admin}"));
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        return await Lab.JsonAsync(reply);
    }
}
