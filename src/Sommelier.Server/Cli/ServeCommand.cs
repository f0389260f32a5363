using System.CommandLine;
using Sommelier.Server.Hosting;

namespace Sommelier.Server.Cli;

/// <summary><c>serve</c>: the gateway.</summary>
internal static class ServeCommand
{
    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var options = new ServeOptions();
        var command = new Command("serve", "Serve the gateway: OpenAI and Anthropic APIs in front of every configured provider.");
        var profile = CommonOptions.Profile();
        options.AddTo(command);
        command.Options.Add(profile);
        command.SetAction((parsed, cancellationToken) => RunAsync(context.Under(parsed.GetValue(profile)), options.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, ServeSettings settings, CancellationToken cancellationToken)
    {
        var startup = new GatewayStartup { Config = settings.Load(context), Environment = context.Environment, Time = context.Time, Logging = ServerLogging.Console };
        return await ServerRun.RunAsync(context, startup, settings, Greeting, cancellationToken, schedules: true);
    }

    private static string Greeting(RunningServer server)
    {
        var catalog = server.Gateway.Snapshot.Catalog;
        var providers = catalog.Deployments.Select(deployment => deployment.Provider).Distinct(StringComparer.Ordinal).ToArray();
        return providers.Length == 0
            ? "No provider is configured, so requests get 503 no_provider. Set a key (ANTHROPIC_API_KEY, OPENAI_API_KEY ...) or add providers to sommelier.yaml; './sommelier demo' needs neither."
            : $"{catalog.Deployments.Count} deployments of {providers.Length} providers: {string.Join(", ", providers)}.";
    }
}
