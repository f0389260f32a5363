using Microsoft.Extensions.Logging;
using Sommelier.Canonical;
using Sommelier.Resilience;
using Sommelier.Telemetry;

namespace Sommelier.Gateway;

/// <summary>Tells metrics and log what the attempt loop does.</summary>
internal sealed class AttemptTelemetry(GatewayMeter meter, ILogger logger) : IAttemptEvents
{
    /// <inheritdoc/>
    public void AttemptLogged(Attempt attempt, Operation operation) => meter.AttemptEnded(attempt, GenAi.Operation(operation));

    /// <inheritdoc/>
    public void DeploymentRefused(string deploymentId, UpstreamFailure failure, DateTimeOffset until) =>
        logger.DeploymentCooledDown(deploymentId, failure, until);

    /// <inheritdoc/>
    public void KeyRefused(string deploymentId, int number, int count, UpstreamFailure failure) => logger.KeyRefused(deploymentId, number, count, failure);

    /// <inheritdoc/>
    public void Hedged(string deploymentId, HedgeOutcome outcome) => meter.Hedged(deploymentId, EnumNames<HedgeOutcome>.Of(outcome));

    /// <inheritdoc/>
    public void CircuitChanged(string deploymentId, bool open)
    {
        if (open)
        {
            logger.CircuitOpened(deploymentId);
        }
        else
        {
            logger.CircuitClosed(deploymentId);
        }
    }
}
