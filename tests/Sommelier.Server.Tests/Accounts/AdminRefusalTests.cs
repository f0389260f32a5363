using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Accounts;

/// <summary>Administrative calls that are refused, as the audit log tells them.</summary>
public sealed class AdminRefusalTests : IAsyncLifetime
{
    // As it might be pasted into the wrong place.
    private const string Secret = "smlr_abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq";

    private Lab lab = null!;
    private KeyAccount viewer = null!;
    private string viewersKey = null!;
    private string admin = null!;

    public async ValueTask InitializeAsync()
    {
        lab = await Lab.StartAsync();
        (viewer, viewersKey) = await KeyAsync(KeyRole.Viewer);
        (_, admin) = await KeyAsync(KeyRole.Admin);
    }

    public async ValueTask DisposeAsync() => await lab.DisposeAsync();

    [Fact]
    public async Task Who_is_refused_what_and_why_is_noted()
    {
        var (caller, callersKey) = await KeyAsync(KeyRole.Caller);
        var (revoked, revokedKey) = await KeyAsync(KeyRole.Admin);
        await lab.Gateway.Gateway.Accounts.CloseAsync(revoked.Id, "test", default);
        (string Key, HttpMethod Method, string Path, string? Body, string Expected)[] calls =
        [
            ("", HttpMethod.Get, "audit", null, "unknown audit.read.refused  401 no_key "),
            (Secret, HttpMethod.Post, "keys", "{}", "unknown key.create.refused  401 unknown_key "),
            (revokedKey, HttpMethod.Get, "ledger", null, $"{revoked.Id} ledger.read.refused  401 revoked_key "),
            (callersKey, HttpMethod.Get, "keys", null, $"{caller.Id} key.read.refused  403 callers_key "),
            (viewersKey, HttpMethod.Delete, $"keys/{caller.Id}", null, $"{viewer.Id} key.close.refused {caller.Id} 403 role_too_small "),
            (viewersKey, HttpMethod.Post, "quality/rollback", """{"version":1}""", $"{viewer.Id} quality.rollback.refused  403 role_too_small "),
            (viewersKey, HttpMethod.Post, "canaries/auto/resume", "{}", $"{viewer.Id} canary.resume.refused  403 role_too_small "),
            (admin, HttpMethod.Post, "keys", """{"name":"x","role":"king"}""", "ADMIN key.create.refused  400 invalid_request role"),
            (admin, HttpMethod.Post, "organisations", "{", "ADMIN organisation.create.refused  400 invalid_request "),
            (admin, HttpMethod.Patch, "teams/team_none", "{}", "ADMIN team.change.refused  404 account_not_found "),
            (admin, HttpMethod.Post, "quality/rollback", """{"version":9}""", "ADMIN quality.rollback.refused  404 version_not_found version"),
            (admin, HttpMethod.Post, "quality/publish", "{}", "ADMIN quality.publish.refused  400 invalid_request "),
        ];
        foreach (var (key, method, path, body, _) in calls)
        {
            Assert.False((await SendAsync(key, method, path, body)).IsSuccessStatusCode);
        }

        var adminId = lab.Gateway.Gateway.Accounts.Directory.FindKey(admin)!.Key.Id;
        var noted = (await RefusalsAsync()).Select(act => string.Join(' ', Text(act, "actor"), Text(act, "action"), Text(act, "subject"), Detail(act, "status"), Detail(act, "reason"), Detail(act, "field")));
        Assert.Equal(calls.Select(call => call.Expected.Replace("ADMIN", adminId, StringComparison.Ordinal)), noted);
        Assert.All(await RefusalsAsync(), act => Assert.Equal("127.0.0.1", Detail(act, "address")));
    }

    [Fact]
    public async Task A_look_at_what_is_not_there_is_no_refused_act()
    {
        foreach (var path in new[] { "keys/key_none", "keys?limit=0", "ledger/x", "nothing" })
        {
            Assert.False((await SendAsync(admin, HttpMethod.Get, path)).IsSuccessStatusCode);
        }

        Assert.Empty(await RefusalsAsync());
    }

    [Fact]
    public async Task No_key_and_no_body_is_noted_wherever_it_was_put()
    {
        await SendAsync(Secret, HttpMethod.Get, "keys");
        await SendAsync(admin, HttpMethod.Delete, $"keys/{Secret}");
        await SendAsync(admin, HttpMethod.Post, $"{Secret}/keys", "{}");
        await SendAsync(admin, HttpMethod.Post, $"canaries/{Secret}/resume", "{}");
        await SendAsync(admin, HttpMethod.Post, "keys", $$"""{"{{Secret}}":1}""");
        await SendAsync(admin, HttpMethod.Post, "keys", $$"""{"name":"x","parent_id":"{{Secret}}"}""");
        await SendAsync(admin, HttpMethod.Post, "keys", $$"""{"name":"x","scopes":["{{Secret}}"]}""");
        await SendAsync(admin, HttpMethod.Post, "keys", $"[{Secret}");
        await SendAsync(admin, HttpMethod.Post, "quality/publish", $$"""{"{{Secret}}":1}""");
        Assert.Equal(8, (await RefusalsAsync()).Count);

        await lab.Gateway.DisposeAsync();
        Assert.DoesNotContain(Secret, lab.Gateway.Log + lab.Gateway.ReadDataFolder(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_without_a_key_is_counted_whole_and_noted_in_part()
    {
        await Parallel.ForAsync(0, 60, async (_, _) => await SendAsync("smlr_guess", HttpMethod.Get, "keys"));
        Assert.Equal(10, (await RefusalsAsync()).Count);
        using var metrics = await Ask.SendAsync(lab.Gateway, HttpMethod.Get, "/metrics");
        Assert.Contains("sommelier_admin_refusals_total{sommelier_reason=\"unknown_key\"} 60", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<(KeyAccount Key, string Secret)> KeyAsync(KeyRole role) =>
        await lab.Gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "test", Role = role }, "test", default);

    private async Task<HttpResponseMessage> SendAsync(string key, HttpMethod method, string path, string? body = null)
    {
        var reply = await Ask.SendAsync(lab.Gateway, method, $"/admin/{path}", body, ("Authorization", $"Bearer {key}"));
        await reply.Content.ReadAsStringAsync();
        return reply;
    }

    // Oldest first.
    private async Task<List<JsonElement>> RefusalsAsync()
    {
        var read = await Pages.ReadAsync(lab.Gateway, "/admin/audit", 100, admin);
        return [.. read.Items.Where(static act => Text(act, "action").EndsWith(".refused", StringComparison.Ordinal)).Reverse()];
    }

    private static string Text(JsonElement act, string name) => act.GetProperty(name).GetString()!;

    private static string Detail(JsonElement act, string name) => act.GetProperty("detail").GetProperty(name).ToString();
}
