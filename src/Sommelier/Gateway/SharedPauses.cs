using System.Globalization;
using Sommelier.Accounts.Spending.Shared;
using Sommelier.Canonical;
using Sommelier.Resilience;
using StackExchange.Redis;

namespace Sommelier.Gateway;

/// <summary>Tells the other instances of every pause that a deployment gets, and takes theirs over: one 429 is enough for all.</summary>
/// <param name="inner">Hears everything too.</param>
internal sealed class SharedPauses(IAttemptEvents inner) : IAttemptEvents
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("sommelier:pauses");

    private RedisLink? link;

    /// <summary>Joins the others.</summary>
    public async Task JoinAsync(RedisLink redis, HealthTracker health)
    {
        link = redis;
        await redis.Messages.SubscribeAsync(Channel, (_, message) =>
        {
            if (((string?)message)?.Split(' ') is [var sender, var until, var reason, var deployment] && !string.Equals(sender, redis.Instance, StringComparison.Ordinal)
                && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
            {
                health.CoolDown(deployment, DateTimeOffset.FromUnixTimeMilliseconds(at), EnumNames<UpstreamFailureKind>.Parse(reason));
            }
        });
    }

    /// <inheritdoc/>
    public void DeploymentPaused(string deploymentId, DateTimeOffset until, UpstreamFailureKind reason)
    {
        inner.DeploymentPaused(deploymentId, until, reason);
        if (link is { IsUp: true } redis)
        {
            redis.Messages.Publish(
                Channel, string.Create(CultureInfo.InvariantCulture, $"{redis.Instance} {until.ToUnixTimeMilliseconds()} {EnumNames<UpstreamFailureKind>.Of(reason)} {deploymentId}"), CommandFlags.FireAndForget);
        }
    }

    /// <inheritdoc/>
    public void AttemptLogged(Attempt attempt, Operation operation) => inner.AttemptLogged(attempt, operation);

    /// <inheritdoc/>
    public void DeploymentRefused(string deploymentId, UpstreamFailure failure, DateTimeOffset until) => inner.DeploymentRefused(deploymentId, failure, until);

    /// <inheritdoc/>
    public void KeyRefused(string deploymentId, int number, int count, UpstreamFailure failure) => inner.KeyRefused(deploymentId, number, count, failure);

    /// <inheritdoc/>
    public void Hedged(string deploymentId, HedgeOutcome outcome) => inner.Hedged(deploymentId, outcome);

    /// <inheritdoc/>
    public void CircuitChanged(string deploymentId, bool open) => inner.CircuitChanged(deploymentId, open);
}
