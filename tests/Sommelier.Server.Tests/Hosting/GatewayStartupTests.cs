using Sommelier.Configuration;
using Sommelier.Server.Cli;
using Sommelier.Server.Hosting;

namespace Sommelier.Server.Tests.Hosting;

public sealed class GatewayStartupTests
{
    private static readonly SommelierConfig Quiet = SommelierConfig.Default with { Discover = false };

    [Fact]
    public async Task A_reload_that_takes_the_keys_from_a_gateway_that_others_reach_is_refused()
    {
        await using var gateway = await RunningGateway.StartAsync("discover: false");
        var startup = Startup(Quiet with { Server = Quiet.Server with { Urls = ["http://0.0.0.0:4000"], Keys = ["k"] } });
        var before = gateway.Gateway.Snapshot;

        // The file may name another address by now; the gateway still listens on the first one.
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => startup.ReloadAsync(gateway.Gateway, Quiet, TestContext.Current.CancellationToken));

        Assert.Contains("server.keys", failure.Message, StringComparison.Ordinal);
        Assert.Same(before, gateway.Gateway.Snapshot);
    }

    [Fact]
    public async Task A_reload_of_the_demonstration_keeps_its_providers()
    {
        await using var gateway = await RunningGateway.StartAsync("discover: false");
        var startup = Startup(Quiet, DemoCommand.WithEveryProvider);

        await startup.ReloadAsync(gateway.Gateway, Quiet, TestContext.Current.CancellationToken);

        Assert.NotEmpty(gateway.Gateway.Snapshot.Catalog.Deployments);
    }

    private static GatewayStartup Startup(SommelierConfig config, Func<SommelierConfig, SommelierConfig>? complete = null) => new()
    {
        Config = config,
        Complete = complete ?? (same => same),
        Environment = _ => null,
        Logging = _ => { },
    };
}
