using System.Globalization;
using Sommelier.Accounts.Spending.Shared;
using Sommelier.Canonical;
using Sommelier.Resilience;
using Sommelier.Upstream;
using StackExchange.Redis;

namespace Sommelier.Gateway;

/// <summary>Tells the other instances of every pause that a deployment or a key gets, and takes theirs over: one 429 is enough for all.</summary>
/// <param name="inner">Hears everything too.</param>
internal sealed class SharedPauses(IAttemptEvents inner) : IAttemptEvents
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("sommelier:pauses");

    private static readonly RedisChannel KeyChannel = RedisChannel.Literal("sommelier:key-pauses");

    private RedisLink? link;

    /// <summary>Joins the others; while Redis is away, as soon as it is back.</summary>
    /// <param name="redis">The way to them.</param>
    /// <param name="health">Takes the pauses of deployments.</param>
    /// <param name="ringOf">The keys of a provider as it is configured now; null where it has one or none.</param>
    public async Task JoinAsync(RedisLink redis, HealthTracker health, Func<string, KeyRing?> ringOf)
    {
        link = redis;
        await redis.ListenAsync(KeyChannel, message =>
        {
            // A ring of another length is another configuration's: its numbers name other keys.
            if (((string?)message)?.Split('\n') is [var sender, var until, var number, var count, var provider, var model] && !string.Equals(sender, redis.Instance, StringComparison.Ordinal)
                && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var which)
                && ringOf(provider) is { } ring && string.Equals(count, ring.Count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) && which >= 1 && which <= ring.Count)
            {
                ring.Pause(which - 1, model, DateTimeOffset.FromUnixTimeMilliseconds(at));
            }
        });
        await redis.ListenAsync(Channel, message =>
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
    public void KeyPaused(string provider, int number, int count, string model, DateTimeOffset until)
    {
        inner.KeyPaused(provider, number, count, model, until);
        if (link is { IsUp: true } redis)
        {
            redis.Messages.Publish(
                KeyChannel, string.Create(CultureInfo.InvariantCulture, $"{redis.Instance}\n{until.ToUnixTimeMilliseconds()}\n{number}\n{count}\n{provider}\n{model}"), CommandFlags.FireAndForget);
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
