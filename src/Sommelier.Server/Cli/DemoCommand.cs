using Sommelier.Catalog;
using System.CommandLine;
using Sommelier.Configuration;
using Sommelier.Gateway;
using Sommelier.Providers;
using Sommelier.Server.Hosting;
using Sommelier.Upstream.Simulation;

namespace Sommelier.Server.Cli;

/// <summary><c>demo</c>: the gateway with every hosted provider simulated, so that all of it can be seen without a key.</summary>
internal static class DemoCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var options = new ServeOptions();
        var seed = new Option<int>("--seed") { Description = "Seed of the simulated timings and failures. Default: 1.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var command = new Command("demo", "Serve with simulated providers: real catalog and prices, invented answers, each marked as simulated. Needs no key.");
        options.AddTo(command);
        command.Options.Add(seed);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, options.Read(parsed), parsed.GetValue(seed), cancellationToken));
        return command;
    }

    /// <summary>Every deployment says of itself that it is simulated.</summary>
    internal static GatewaySnapshot Simulate(GatewaySnapshot snapshot) => snapshot with
    {
        Catalog = snapshot.Catalog.With(snapshot.Catalog.Deployments.Select(deployment => deployment with { Simulated = true })),
    };

    /// <summary>Hosted providers whose models the catalog knows, with a key that opens nothing.</summary>
    internal static SommelierConfig WithEveryProvider(SommelierConfig config) => config.Providers.Count > 0 ? config : config with
    {
        Discover = false,
        Providers = [.. ProviderRegistry.All
            .Where(provider => provider.LocalPorts.Count == 0 && (provider.BaseAddress is not null || provider.Settings.Count > 0))
            .Where(provider => BundledCatalog.Provider(provider.Name).Deployments.Count > 0)
            .Select(provider => new ProviderConfig { Name = provider.Name, Type = provider.Name, ApiKey = "simulated" })],
    };

    private static async Task<int> RunAsync(CliContext context, ServeSettings settings, int seed, CancellationToken cancellationToken)
    {
        // A demonstration keeps its own ledger: invented requests have no place among real ones.
        var config = settings.Load(context);
        settings = settings with { Data = settings.Data ?? Path.Combine(config.Server.Data, "demo") };
        using var transport = new SimulatedHandler(context.Time, seed);
        var startup = new GatewayStartup
        {
            Config = settings.Over(config),
            Complete = WithEveryProvider,
            Environment = context.Environment,
            Time = context.Time,
            Logging = ServerLogging.Console,
            Transport = transport,
            Adapt = Simulate,
        };
        return await ServerRun.RunAsync(context, startup, settings, Greeting, cancellationToken);
    }

    private static string Greeting(RunningServer server) =>
        $"{server.Gateway.Snapshot.Catalog.Deployments.Count} simulated deployments at their real prices. Nothing here asks a model or costs money.";
}
