using System.Net.Sockets;
using Sommelier.Configuration;
using Sommelier.Server.Cli.Evals.Scheduling;
using Sommelier.Server.Hosting;

namespace Sommelier.Server.Cli;

/// <summary>Runs a server in the foreground until it is told to stop.</summary>
internal static class ServerRun
{
    /// <summary>Starts, says where it listens, follows changes of the configuration file, and stops cleanly.</summary>
    /// <param name="context">The process.</param>
    /// <param name="startup">What is started.</param>
    /// <param name="settings">What was given on the command line.</param>
    /// <param name="greeting">Said when it listens.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="schedules">Whether evals of new models are made where the configuration says so.</param>
    public static async Task<int> RunAsync(CliContext context, GatewayStartup startup, ServeSettings settings, Func<RunningServer, string> greeting, CancellationToken cancellationToken, bool schedules = false)
    {
        RunningServer server;
        try
        {
            server = await startup.BuildAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            await context.Error.WriteLineAsync($"sommelier: {failure.Message}");
            return ExitCodes.Infrastructure;
        }

        await using (server)
        {
            if (GatewayStartup.ListenProblem(startup.Config, server.Gateway.Accounts.Directory.HasCallers) is { } problem)
            {
                await context.Error.WriteLineAsync($"sommelier: {problem}");
                return ExitCodes.Usage;
            }

            foreach (var warning in server.Warnings)
            {
                await context.Error.WriteLineAsync(warning.ToString());
            }

            try
            {
                await server.StartAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidOperationException)
            {
                await context.Error.WriteLineAsync(
                    $"sommelier: cannot listen on {string.Join(';', startup.Config.Server.Urls)}: {failure.Message} An address looks like http://127.0.0.1:4000; https needs server.tls.");
                return ExitCodes.Usage;
            }
            catch (Exception failure) when (failure is IOException or SocketException)
            {
                await context.Error.WriteLineAsync(
                    $"sommelier: cannot listen on {string.Join(';', startup.Config.Server.Urls)}: {failure.Message} Stop the other process, or choose another address with --urls.");
                return ExitCodes.Infrastructure;
            }

            // The first caller should not wait for it; nor should the port.
            _ = Task.Run(server.Gateway.WarmUp, cancellationToken);
            foreach (var url in server.Urls)
            {
                await context.Output.WriteLineAsync($"Sommelier listens on {url}");
            }

            await context.Output.WriteLineAsync(greeting(server));
            if (await server.Gateway.Accounts.FirstAdminKeyAsync(cancellationToken) is { } key)
            {
                await context.Output.WriteLineAsync($"Admin key for /admin, shown this once: {key}");
            }

            await using var schedule = schedules ? new ScheduleWorker(context, settings, startup.Config, server.Gateway) : null;
            await using var watcher = settings.EffectiveFile is { } file ? Follow(file, startup, settings, server, schedule) : null;
            await server.WaitAsync(cancellationToken);
            return ExitCodes.Fine;
        }
    }

    private static ConfigWatcher Follow(string file, GatewayStartup startup, ServeSettings settings, RunningServer server, ScheduleWorker? schedule) => new ConfigWatcher(
        file,
        startup.Environment,
        async (config, cancellationToken) =>
        {
            await startup.ReloadAsync(server.Gateway, settings.Over(config), cancellationToken);
            schedule?.Follow(settings.Over(config));
        },
        server.Logging.CreateLogger("Sommelier"),
        startup.Time).Start();
}
