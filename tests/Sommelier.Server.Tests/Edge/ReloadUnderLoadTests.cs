using Microsoft.Extensions.Logging.Abstractions;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;

namespace Sommelier.Server.Tests.Edge;

/// <summary>The file changes while requests are under way: none of them notices, the next one does.</summary>
public sealed class ReloadUnderLoadTests
{
    [Fact]
    public async Task No_request_fails_and_the_new_name_answers()
    {
        var gate = new TaskCompletionSource();
        var stream = FaultReply.Events(ScriptedAnswer.OpenAI.StreamEvents) with { GateBefore = 2, Gate = gate.Task };
        await using var provider = new FaultServer(stream, ScriptedAnswer.OpenAI.Reply(streamed: false));
        var yaml = $"discover: false\nproviders: {{ lab: {{ type: openai-compatible, base_url: '{provider.Address}v1', models: [m] }} }}\n";
        await using var gateway = await RunningGateway.StartAsync(yaml);
        var file = Path.Combine(Directory.CreateTempSubdirectory("sommelier-test-").FullName, "sommelier.yaml");
        await File.WriteAllTextAsync(file, yaml);
        await using var watcher = new ConfigWatcher(file, _ => null, (config, _) => ApplyAsync(gateway, config), NullLogger.Instance, TimeProvider.System);

        using var running = await Ask.ChatAsync(gateway, "openai", streamed: true, model: "lab/m");
        using var before = await Ask.ChatAsync(gateway, "openai", model: "fresh");
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LoopAsync(gateway, stop.Token)));
        await File.WriteAllTextAsync(file, yaml + "aliases: { fresh: lab/m }\n");
        while (!await watcher.LookAsync(CancellationToken.None))
        {
            await Task.Yield();
        }

        using var after = await Ask.ChatAsync(gateway, "anthropic", model: "fresh");
        await stop.CancelAsync();
        gate.SetResult();

        Assert.Equal((404, 200), ((int)before.StatusCode, (int)after.StatusCode));
        Assert.All(await load, statuses => Assert.All(statuses, status => Assert.Equal(200, status)));
        Assert.EndsWith("data: [DONE]\n\n", await running.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static Task ApplyAsync(RunningGateway gateway, SommelierConfig config)
    {
        gateway.Gateway.Swap(GatewaySnapshotBuilder.Build(config, _ => null, []).Snapshot);
        return Task.CompletedTask;
    }

    // At least one request each, and none that is given up half-way.
    private static async Task<List<int>> LoopAsync(RunningGateway gateway, CancellationToken stop)
    {
        var statuses = new List<int>();
        do
        {
            using var reply = await Ask.ChatAsync(gateway, "openai", model: "lab/m");
            await reply.Content.ReadAsStringAsync(CancellationToken.None);
            statuses.Add((int)reply.StatusCode);
        }
        while (!stop.IsCancellationRequested);

        return statuses;
    }
}
