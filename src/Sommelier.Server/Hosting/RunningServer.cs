using Sommelier.Configuration;
using Sommelier.Gateway;
using Sommelier.Telemetry;

namespace Sommelier.Server.Hosting;

/// <summary>A gateway and its edge; disposed in the order in which nothing is lost.</summary>
internal sealed class RunningServer(
    WebApplication application, GatewayHost gateway, ILoggerFactory logging, IReadOnlyList<ConfigProblem> warnings, IDisposable? identities) : IAsyncDisposable
{
    /// <summary>The gateway.</summary>
    public GatewayHost Gateway => gateway;

    /// <summary>What is odd about the configuration.</summary>
    public IReadOnlyList<ConfigProblem> Warnings => warnings;

    /// <summary>Where it listens, once started.</summary>
    public IReadOnlyList<string> Urls => [.. application.Urls];

    /// <summary>The edge's log.</summary>
    public ILoggerFactory Logging => logging;

    /// <summary>Listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await application.StartAsync(cancellationToken);
        gateway.Logger.GatewayStarted(ProductVersion.Text, string.Join(' ', application.Urls));
        if (gateway.Snapshot.Catalog.Deployments.Count == 0)
        {
            gateway.Logger.NoProviderConfigured();
        }
    }

    /// <summary>Returns when the process is asked to stop and running requests have ended.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => application.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The edge first: requests that still run settle into a ledger that is still open.
        await application.StopAsync();
        await application.DisposeAsync();
        await gateway.DisposeAsync();
        identities?.Dispose();
        gateway.Logger.GatewayStopped();
        logging.Dispose();
    }
}
