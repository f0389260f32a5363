using Sommelier.Configuration;
using Sommelier.Gateway;
using Sommelier.Telemetry;

namespace Sommelier.Server.Hosting;

/// <summary>A gateway and its edge; disposed in the order in which nothing is lost.</summary>
internal sealed class RunningServer(WebApplication application, StartedGateway started) : IAsyncDisposable
{
    /// <summary>The gateway.</summary>
    public GatewayHost Gateway => started.Gateway;

    /// <summary>What is odd about the configuration.</summary>
    public IReadOnlyList<ConfigProblem> Warnings => started.Warnings;

    /// <summary>Where it listens, once started.</summary>
    public IReadOnlyList<string> Urls => [.. application.Urls];

    /// <summary>The edge's log.</summary>
    public ILoggerFactory Logging => started.Logging;

    /// <summary>Listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await application.StartAsync(cancellationToken);
        Gateway.Logger.GatewayStarted(ProductVersion.Text, string.Join(' ', application.Urls));
        if (Gateway.Snapshot.Catalog.Deployments.Count == 0)
        {
            Gateway.Logger.NoProviderConfigured();
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
        await started.DisposeAsync();
    }
}
