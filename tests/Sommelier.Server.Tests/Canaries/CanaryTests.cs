using System.Globalization;
using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Server.Tests.Edge;

namespace Sommelier.Server.Tests.Canaries;

/// <summary>A canary whose model fails, over HTTP: callers get answers all along, and after some requests nothing goes to it any more.</summary>
public sealed class CanaryTests : IAsyncLifetime
{
    private FaultServer provider = null!;
    private RunningGateway gateway = null!;
    private int asked;

    public async ValueTask InitializeAsync()
    {
        var answer = ScriptedAnswer.OpenAI.Reply(streamed: false);
        var failure = FaultReply.Error(500, """{"error":{"message":"out of order","type":"server_error"}}""");
        provider = new(0, (request, _) => request.Body.Contains("\"new\"", StringComparison.Ordinal) ? failure : answer);
        gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            policies:
              default: table
              table: { strategy: order, order: [lab/old], canary: { to: lab/new, share: 50, min_requests: 20 } }
            providers:
              lab:
                type: openai-compatible
                base_url: "{{provider.Address}}v1"
                models: [{ id: old, context: 32768, price: { input: 1, output: 2 } }, { id: new, context: 32768, price: { input: 1, output: 2 } }]
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task After_its_first_failures_nothing_goes_to_it_until_somebody_resumes_it()
    {
        var viewer = await KeyAsync(KeyRole.Viewer);
        var editor = await KeyAsync(KeyRole.Editor);
        Assert.Equal(("running", "lab/new", 50, 0), await StateAsync(viewer));

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await StateAsync(viewer)).State is "running")
        {
            await AskAsync();
            patience.Token.ThrowIfCancellationRequested();
        }

        Assert.True(SentToCanary > 0);
        Assert.InRange(asked, 11, 100);
        var sent = SentToCanary;
        var ids = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var (id, reason) = await AskAsync();
            Assert.NotEqual("canary", reason);
            ids.Add(id);
        }

        Assert.Equal(sent, SentToCanary);
        var rollback = (await CanariesAsync(viewer))[0].GetProperty("rollback");
        Assert.Equal(("canary", "first_requests"), (rollback.GetProperty("actor").GetString(), rollback.GetProperty("reason").GetString()));
        Assert.StartsWith("11 of its first 11 requests failed", rollback.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("The canary lab/new of the policy table is rolled back: 11 of its first 11 requests failed", gateway.Log, StringComparison.Ordinal);
        Assert.Contains("sommelier_canary_rollbacks_total", await TextAsync("/metrics"), StringComparison.Ordinal);

        // Decisions say so.
        await gateway.EntriesAsync(asked);
        var arms = new List<string?>();
        foreach (var id in ids)
        {
            arms.Add(JsonDocument.Parse(await TextAsync("/v1/decisions/" + id)).RootElement.GetProperty("canary").GetProperty("arm").GetString());
        }

        Assert.Equal(["rolled_back", "stable"], arms.Distinct().Order());

        Assert.Equal(403, (await SendAsync(HttpMethod.Post, "/admin/canaries/table/resume", viewer)).Status);
        Assert.Equal(404, (await SendAsync(HttpMethod.Post, "/admin/canaries/fast/resume", editor)).Status);
        Assert.Equal(405, (await SendAsync(HttpMethod.Get, "/admin/canaries/table/resume", editor)).Status);
        var (status, resumed) = await SendAsync(HttpMethod.Post, "/admin/canaries/table/resume", editor);
        Assert.Equal((200, "running"), (status, resumed.GetProperty("data")[0].GetProperty("state").GetString()));
        Assert.Equal(("running", "lab/new", 50, 0), await StateAsync(viewer));
        var (_, audit) = await SendAsync(HttpMethod.Get, "/admin/audit", viewer);
        Assert.Equal(["canary.resume", "canary.resume.refused", "canary.rollback"], audit.GetProperty("data").EnumerateArray().Select(act => act.GetProperty("action").GetString()).Where(action => action!.StartsWith("canary.", StringComparison.Ordinal)).Distinct().Order());
    }

    private int SentToCanary => provider.Requests.Count(request => request.Body.Contains("\"new\"", StringComparison.Ordinal));

    // Every request is a conversation of its own, and gets an answer whoever gives it.
    private async Task<(string Id, string? Reason)> AskAsync()
    {
        var prompt = string.Create(CultureInfo.InvariantCulture, $"Say {++asked}.");
        using var reply = await Ask.SendAsync(gateway, HttpMethod.Post, "/v1/chat/completions", Ask.Body(prompt: prompt));
        Assert.True(reply.IsSuccessStatusCode, await reply.Content.ReadAsStringAsync());
        _ = await reply.Content.ReadAsStringAsync();
        return (Ask.Header(reply, "x-sommelier-request-id")!, Ask.Header(reply, "x-sommelier-reason"));
    }

    private async Task<(string State, string To, int Share, int Requests)> StateAsync(string key)
    {
        var canary = Assert.Single(await CanariesAsync(key));
        return (canary.GetProperty("state").GetString()!, canary.GetProperty("to").GetString()!, canary.GetProperty("share").GetInt32(), canary.GetProperty("canary").GetProperty("requests").GetInt32());
    }

    private async Task<JsonElement[]> CanariesAsync(string key) => [.. (await SendAsync(HttpMethod.Get, "/admin/canaries", key)).Body.GetProperty("data").EnumerateArray()];

    private async Task<(int Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string key)
    {
        using var reply = await Ask.SendAsync(gateway, method, path, null, ("authorization", $"Bearer {key}"));
        return ((int)reply.StatusCode, await Lab.JsonAsync(reply));
    }

    private async Task<string> TextAsync(string path)
    {
        using var reply = await Ask.SendAsync(gateway, HttpMethod.Get, path);
        return await reply.Content.ReadAsStringAsync();
    }

    private async Task<string> KeyAsync(KeyRole role) =>
        (await gateway.Gateway.Accounts.CreateKeyAsync(key => key with { Name = "k", Role = role }, "test", default)).Secret;
}
