using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Gateway;
using Sommelier.Server.Edge;
using Sommelier.Telemetry;

namespace Sommelier.Server.Hosting;

/// <summary>From a configuration to a running gateway with its edge: what <c>serve</c>, <c>demo</c> and tests have in common.</summary>
internal sealed class GatewayStartup
{
    private CloudIdentities? identities;

    /// <summary>What was configured.</summary>
    public required SommelierConfig Config { get; init; }

    /// <summary>Looks up environment variables.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where a server's log lines go.</summary>
    public Action<ILoggingBuilder> Logging { get; init; } = ServerLogging.Console;

    /// <summary>Stands in for the network; null for the network.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>Adds to the configuration's providers, also after a reload.</summary>
    public Func<SommelierConfig, SommelierConfig> Complete { get; init; } = static config => config;

    /// <summary>Changes the snapshot before it is used, also after a reload; null for no change.</summary>
    public Func<GatewaySnapshot, GatewaySnapshot>? Adapt { get; init; }

    /// <summary>
    /// Why the gateway may not listen where it was told to, or null: without caller keys it serves this machine only.
    /// </summary>
    /// <param name="config">What was configured.</param>
    /// <param name="hasCallers">Whether the key store has keys of callers.</param>
    public static string? ListenProblem(SommelierConfig config, bool hasCallers)
    {
        var foreign = hasCallers || config.Server.Keys.Count > 0 ? null : config.Server.Urls.FirstOrDefault(url => !HostRule.IsLoopbackUrl(url));
        return foreign is null
            ? null
            : $"{foreign} can be reached from other machines, and no caller key is set: anybody there could spend your keys. Make a key with 'sommelier key create', or set server.keys in sommelier.yaml, or listen on http://127.0.0.1.";
    }

    /// <summary>Builds everything; start it with <see cref="RunningServer.StartAsync"/>.</summary>
    /// <exception cref="IOException">The data folder or the certificate cannot be used.</exception>
    public async Task<RunningServer> BuildAsync(CancellationToken cancellationToken)
    {
        var certificate = Config.Server.Tls is { } tls ? TlsFiles.Read(tls) : null;
        var started = await BuildGatewayAsync(LoggerFactory.Create(Logging), durable: true, cancellationToken);
        var limits = Config.Server.Limits;
        var application = EdgeServer.Build(
            started.Gateway,
            new EdgeOptions
            {
                Urls = Config.Server.Urls,
                MaxHeaderCount = limits.MaxHeaders,
                MaxHeaderBytes = limits.MaxHeaderBytes,
                MaxBodyBytes = limits.MaxBodyBytes,
                RequestTimeout = limits.RequestTimeout,
                Certificate = certificate,
                Cors = Config.Server.Cors,
                Oidc = Config.Server.Oidc,
                Time = Time,
            },
            Logging);
        return new RunningServer(application, started);
    }

    /// <summary>Builds a gateway that listens nowhere, for verbs that ask through it in this process.</summary>
    /// <param name="logging">Its log.</param>
    /// <param name="durable"><see cref="GatewayHostOptions.Durable"/>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="IOException">The data folder cannot be used.</exception>
    public async Task<StartedGateway> BuildGatewayAsync(ILoggerFactory logging, bool durable, CancellationToken cancellationToken)
    {
        var build = await SnapshotAsync(Config, logging.CreateLogger("Sommelier"), cancellationToken);
        var gateway = await GatewayHost.StartAsync(
            build.Snapshot,
            new GatewayHostOptions
            {
                DatabasePath = Config.DatabasePath,
                Durable = durable,
                Postgres = Config.Postgres,
                Redis = Config.Redis,
                JournalFolder = Path.Combine(Config.Server.Data, "journal"),
                LedgerRetention = Config.LedgerRetention,
                Responses = Config.KeptResponses,
                CacheMaxBytes = Config.Server.CacheMaxBytes,
                Transport = Transport,
            },
            Time,
            logging,
            cancellationToken);
        return new StartedGateway(gateway, logging, build.Warnings, identities);
    }

    /// <summary>Puts another configuration in force; the addresses stay those of the start.</summary>
    /// <exception cref="InvalidOperationException">It takes the keys away from a gateway that other machines can reach.</exception>
    public async Task ReloadAsync(GatewayHost gateway, SommelierConfig config, CancellationToken cancellationToken)
    {
        if (ListenProblem(config with { Server = config.Server with { Urls = Config.Server.Urls } }, gateway.Accounts.Directory.HasCallers) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        var build = await SnapshotAsync(config, gateway.Logger, cancellationToken);
        gateway.Swap(build.Snapshot);
    }

    /// <summary>The snapshot of a configuration, with the local servers that answer now.</summary>
    /// <param name="config">What was configured.</param>
    /// <param name="logger">Is told of the servers that were found; null for nobody.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<GatewaySnapshotBuild> SnapshotAsync(SommelierConfig config, ILogger? logger, CancellationToken cancellationToken)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(1) });
        config = Complete(config);
        var discovered = await new LocalServerDiscovery(http, Time).FindAsync(config, cancellationToken);
        foreach (var server in discovered)
        {
            logger?.LocalServerFound(server.Name, server.BaseAddress, server.Models.Count);
        }

        // Invented providers need nobody's identity.
        identities ??= Transport is null ? new CloudIdentities(Environment, Time, logger) : null;
        var build = GatewaySnapshotBuilder.Build(config, Environment, discovered, identities);
        return Adapt is null ? build : build with { Snapshot = Adapt(build.Snapshot) };
    }
}
