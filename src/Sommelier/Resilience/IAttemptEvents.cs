using Sommelier.Canonical;

namespace Sommelier.Resilience;

/// <summary>Hears what the attempt loop does: telemetry, the log. Called on the request path; must be quick and never throw.</summary>
internal interface IAttemptEvents
{
    /// <summary>An upstream call has ended, in whatever way.</summary>
    void AttemptLogged(Attempt attempt, Operation operation);

    /// <summary>
    /// A deployment gets a pause because its provider refuses it: wrong key, no money, unknown model. Somebody should look.
    /// </summary>
    void DeploymentRefused(string deploymentId, UpstreamFailure failure, DateTimeOffset until);

    /// <summary>A deployment gets a pause, because its provider refuses it or asks for one.</summary>
    void DeploymentPaused(string deploymentId, DateTimeOffset until, UpstreamFailureKind reason)
    {
    }

    /// <summary>A provider refuses one of several keys. Somebody should look.</summary>
    /// <param name="deploymentId">Who was asked.</param>
    /// <param name="number">Which key, from 1 in the order of the configuration.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="failure">What it said.</param>
    void KeyRefused(string deploymentId, int number, int count, UpstreamFailure failure)
    {
    }

    /// <summary>One of a provider's several keys gets a pause.</summary>
    /// <param name="provider">The provider's name in the configuration.</param>
    /// <param name="number">Which key, from 1 in the order of the configuration.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="model">For which model; empty for all.</param>
    /// <param name="until">Until when.</param>
    void KeyPaused(string provider, int number, int count, string model, DateTimeOffset until)
    {
    }

    /// <summary>A second deployment was asked because this one was late, or was not because the budget is used up.</summary>
    void Hedged(string deploymentId, HedgeOutcome outcome);

    /// <summary>A deployment's circuit opened, because it failed too often, or closed again.</summary>
    void CircuitChanged(string deploymentId, bool open);
}

/// <summary>Nobody listens.</summary>
internal sealed class NoAttemptEvents : IAttemptEvents
{
    /// <summary>The one instance.</summary>
    public static NoAttemptEvents Instance { get; } = new();

    /// <inheritdoc/>
    public void AttemptLogged(Attempt attempt, Operation operation)
    {
    }

    /// <inheritdoc/>
    public void DeploymentRefused(string deploymentId, UpstreamFailure failure, DateTimeOffset until)
    {
    }

    /// <inheritdoc/>
    public void Hedged(string deploymentId, HedgeOutcome outcome)
    {
    }

    /// <inheritdoc/>
    public void CircuitChanged(string deploymentId, bool open)
    {
    }
}
