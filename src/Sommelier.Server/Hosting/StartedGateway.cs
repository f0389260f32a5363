using Sommelier.Configuration;
using Sommelier.Gateway;
using Sommelier.Telemetry;

namespace Sommelier.Server.Hosting;

/// <summary>A gateway without an edge, with what it was built from; disposed in the order in which nothing is lost.</summary>
internal sealed class StartedGateway(GatewayHost gateway, ILoggerFactory logging, IReadOnlyList<ConfigProblem> warnings, IDisposable? identities) : IAsyncDisposable
{
    /// <summary>The gateway.</summary>
    public GatewayHost Gateway => gateway;

    /// <summary>Its log.</summary>
    public ILoggerFactory Logging => logging;

    /// <summary>What is odd about the configuration.</summary>
    public IReadOnlyList<ConfigProblem> Warnings => warnings;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        identities?.Dispose();
        gateway.Logger.GatewayStopped();
        logging.Dispose();
    }
}
