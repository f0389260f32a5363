using Sommelier.Canonical;

namespace Sommelier.Server.Tests.Edge;

/// <summary>A provider with several keys: calls are spread over them, and what happens to one of them is no failure of the provider.</summary>
public sealed class SeveralKeysTests
{
    private static readonly FaultReply Answer = ScriptedAnswer.OpenAI.Reply(streamed: false);

    [Fact]
    public async Task Calls_are_spread_by_weight()
    {
        await using var server = new FaultServer(Answer);
        await using var gateway = await StartAsync(server, "[{ key: sk-one, weight: 3 }, sk-two]");
        for (var i = 0; i < 200; i++)
        {
            using var reply = await Ask.ChatAsync(gateway, "openai");
            Assert.Equal(200, (int)reply.StatusCode);
        }

        // Four standard errors of the share of three quarters in 200 are 0.12.
        Assert.InRange(server.Requests.Count(request => KeyOf(request) == "sk-one"), 126, 174);
    }

    [Theory]
    [InlineData(429, "rate_limit_exceeded")]
    [InlineData(429, "insufficient_quota")]
    [InlineData(401, "invalid_api_key")]
    [InlineData(404, "model_not_found")]
    public async Task A_refused_key_gives_way_to_another(int status, string code)
    {
        await using var server = new FaultServer(0, (request, _) => KeyOf(request) == "sk-bad"
            ? FaultReply.Error(status, $$$"""{"error":{"message":"No.","type":"error","code":"{{{code}}}"}}""", ("retry-after", "30"))
            : Answer);
        await using var gateway = await StartAsync(server, "[sk-bad, sk-good]");
        for (var i = 0; i < 20; i++)
        {
            using var reply = await Ask.ChatAsync(gateway, "openai");
            Assert.Equal(200, (int)reply.StatusCode);
        }

        // It was asked once, and is left alone now; the deployment is not.
        Assert.Single(server.Requests, request => KeyOf(request) == "sk-bad");
        Assert.Null(gateway.Gateway.PausedUntil("lab/m"));
        Assert.Equal(code != "rate_limit_exceeded", gateway.Log.Contains("Key 1 of 2 was refused for lab/m", StringComparison.Ordinal));
        Assert.DoesNotContain("sk-bad", gateway.Log, StringComparison.Ordinal);

        // The ledger tells which one it was, by its place; and no key.
        var attempts = (await gateway.EntriesAsync(20)).SelectMany(entry => entry.Attempts).ToList();
        Assert.Equal(1, Assert.Single(attempts, attempt => attempt.Outcome == AttemptOutcome.Failed).ApiKeyNumber);
        Assert.All(attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Succeeded), attempt => Assert.Equal(2, attempt.ApiKeyNumber));
        await gateway.DisposeAsync();
        Assert.DoesNotContain("sk-bad", gateway.ReadDataFolder(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_free_key_the_deployment_pauses_until_the_first_is_free()
    {
        await using var server = new FaultServer(0, (request, _) => FaultReply.Error(
            429, """{"error":{"message":"Slow down.","type":"requests","code":"rate_limit_exceeded"}}""", ("retry-after", KeyOf(request) == "sk-one" ? "300" : "100")));
        await using var gateway = await StartAsync(server, "[sk-one, sk-two]");
        var before = DateTimeOffset.UtcNow;
        using var reply = await Ask.ChatAsync(gateway, "openai");

        Assert.Equal(429, (int)reply.StatusCode);
        Assert.Equal(["sk-one", "sk-two"], server.Requests.Select(KeyOf).Order(StringComparer.Ordinal));
        Assert.InRange(gateway.Gateway.PausedUntil("lab/m")!.Value - before, TimeSpan.FromSeconds(99), TimeSpan.FromSeconds(130));
    }

    [Fact]
    public async Task A_key_whose_window_is_used_up_is_left_alone_before_it_is_refused()
    {
        await using var server = new FaultServer(0, (request, _) => KeyOf(request) == "sk-one"
            ? Answer with { Headers = [.. Answer.Headers, new("x-ratelimit-limit-requests", "10"), new("x-ratelimit-remaining-requests", "0"), new("x-ratelimit-reset-requests", "60s")] }
            : Answer);
        await using var gateway = await StartAsync(server, "[{ key: sk-one, weight: 1000 }, sk-two]");
        for (var i = 0; i < 10; i++)
        {
            using var reply = await Ask.ChatAsync(gateway, "openai");
            Assert.Equal(200, (int)reply.StatusCode);
        }

        Assert.Single(server.Requests, request => KeyOf(request) == "sk-one");
    }

    [Fact]
    public async Task Calls_to_two_regions_are_spread_by_what_runs_there()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var stuck = new FaultServer(0, (_, _) => Answer with { GateBefore = 0, Gate = gate.Task });
        await using var quick = new FaultServer(Answer);
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            providers:
              eu: { type: openai-compatible, base_url: "{{stuck.Address}}v1", models: [{ id: m, price: { input: 1, output: 1 } }] }
              us: { type: openai-compatible, base_url: "{{quick.Address}}v1", models: [{ id: m, price: { input: 1, output: 1 } }] }
            policies:
              balanced: { balance: least_loaded, sticky: false }
            """);
        var calls = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 40; i++)
        {
            var before = stuck.Requests.Count;
            calls.Add(Ask.ChatAsync(gateway, "openai", model: "m"));
            await Task.WhenAny(calls[^1], stuck.RequestAsync(before));
        }

        gate.SetResult();
        foreach (var reply in await Task.WhenAll(calls))
        {
            Assert.Equal(200, (int)reply.StatusCode);
            reply.Dispose();
        }

        // A call that is over is counted until its connection is back: now and then a second one goes to where the first is stuck.
        Assert.InRange(stuck.Requests.Count, 1, 5);
        Assert.Equal(40, stuck.Requests.Count + quick.Requests.Count);
    }

    private static string KeyOf(SeenRequest request) => request.Headers["authorization"]["Bearer ".Length..];

    private static Task<RunningGateway> StartAsync(FaultServer server, string keys) => RunningGateway.StartAsync(
        $$"""
        discover: false
        providers:
          lab: { type: openai-compatible, base_url: "{{server.Address}}v1", api_keys: {{keys}}, models: [m] }
        """);
}
