using Sommelier.Configuration;
using Sommelier.Server.Hosting;

namespace Sommelier.Server.Cli;

/// <summary>Runs a server in the foreground until it is told to stop.</summary>
internal static class ServerRun
{
    /// <summary>Starts, says where it listens, follows changes of the configuration file, and stops cleanly.</summary>
    public static async Task<int> RunAsync(CliContext context, GatewayStartup startup, ServeSettings settings, Func<RunningServer, string> greeting, CancellationToken cancellationToken)
    {
        if (GatewayStartup.ListenProblem(startup.Config) is { } problem)
        {
            await context.Error.WriteLineAsync($"sommelier: {problem}");
            return ExitCodes.Usage;
        }

        RunningServer server;
        try
        {
            server = await startup.BuildAsync(cancellationToken);
        }
        catch (IOException failure)
        {
            await context.Error.WriteLineAsync($"sommelier: {failure.Message}");
            return ExitCodes.Infrastructure;
        }

        await using (server)
        {
            foreach (var warning in server.Warnings)
            {
                await context.Error.WriteLineAsync(warning.ToString());
            }

            try
            {
                await server.StartAsync(cancellationToken);
            }
            catch (IOException failure)
            {
                await context.Error.WriteLineAsync($"sommelier: {failure.Message} Stop the other process, or choose another address with --urls.");
                return ExitCodes.Infrastructure;
            }

            // The first caller should not wait for it; nor should the port.
            _ = Task.Run(server.Gateway.WarmUp, cancellationToken);
            foreach (var url in server.Urls)
            {
                await context.Output.WriteLineAsync($"Sommelier listens on {url}");
            }

            await context.Output.WriteLineAsync(greeting(server));
            await using var watcher = settings.EffectiveFile is { } file ? Follow(file, startup, settings, server) : null;
            await server.WaitAsync(cancellationToken);
            return ExitCodes.Fine;
        }
    }

    private static ConfigWatcher Follow(string file, GatewayStartup startup, ServeSettings settings, RunningServer server) => new ConfigWatcher(
        file,
        startup.Environment,
        async (config, cancellationToken) =>
        {
            var build = await startup.SnapshotAsync(settings.Over(config), server.Gateway.Logger, cancellationToken);
            server.Gateway.Swap(build.Snapshot);
        },
        server.Logging.CreateLogger("Sommelier"),
        startup.Time).Start();
}
