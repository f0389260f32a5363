using System.Collections.Concurrent;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Upstream;

namespace Sommelier.Resilience;

/// <summary>How every deployment is doing: fed by the attempt loop, read by the router as a snapshot.</summary>
/// <remarks>
/// What counts against a deployment's circuit is what it did wrong: no connection, no answer, half an answer. A rate limit
/// or a refusal is a pause of a known length instead, and a wrong request is nobody's fault here. Nor is an answer of the
/// wrong form: the deployment is well, its model is not good at this request.
/// </remarks>
internal sealed class HealthTracker(TimeProvider time, HealthOptions? options = null, IAttemptEvents? events = null)
{
    private readonly HealthOptions options = options ?? new();
    private readonly IAttemptEvents events = events ?? NoAttemptEvents.Instance;
    private readonly ConcurrentDictionary<string, DeploymentHealth> deployments = new(StringComparer.Ordinal);
    private LiveState? cached;
    private long changes;
    private long cachedChanges;

    /// <summary>Whether a request may go to a deployment now; a yes to one whose circuit is to be tried is the trial.</summary>
    public bool Admit(string deploymentId) =>
        !deployments.TryGetValue(deploymentId, out var health) || health.Admit(time.GetUtcNow());

    /// <summary>Whether a deployment's circuit is open.</summary>
    public bool IsOpen(string deploymentId) =>
        deployments.TryGetValue(deploymentId, out var health) && health.IsOpen(time.GetUtcNow());

    /// <summary>The deployments that have been asked, and whether the circuit of each is open.</summary>
    public IEnumerable<KeyValuePair<string, bool>> Circuits()
    {
        var now = time.GetUtcNow();
        foreach (var (id, health) in deployments)
        {
            yield return new(id, health.IsOpen(now));
        }
    }

    /// <summary>Takes the end of an attempt.</summary>
    /// <param name="attempt">How it ended.</param>
    /// <param name="streamed">Whether it was streamed: only then do its times say when it began and how fast it was.</param>
    public void Record(Attempt attempt, bool streamed)
    {
        var health = Of(attempt.DeploymentId);
        var now = time.GetUtcNow();
        if (attempt.Outcome == AttemptOutcome.Canceled)
        {
            health.Abandoned();
            return;
        }

        if (attempt.Outcome == AttemptOutcome.Superseded)
        {
            health.Outrun(now, attempt.TimeToFirstChunk ?? attempt.Duration);
            return;
        }

        var changed = attempt.Failure is { } failure
            ? Record(attempt.DeploymentId, health, failure, now)
            : Announce(attempt.DeploymentId, health.Succeeded(now, streamed ? attempt.TimeToFirstChunk : null, streamed ? Speed(attempt) : null), open: false);
        if (changed)
        {
            Interlocked.Increment(ref changes);
        }
    }

    /// <summary>The 95th percentile of a deployment's recent times to the first content; null before so many were measured.</summary>
    public TimeSpan? LateAfter(string deploymentId, int leastSeen) =>
        deployments.TryGetValue(deploymentId, out var health) ? health.LateAfter(leastSeen) : null;

    /// <summary>Says that a request which was let through was not sent after all.</summary>
    public void Release(string deploymentId)
    {
        if (deployments.TryGetValue(deploymentId, out var health))
        {
            health.Abandoned();
        }
    }

    /// <summary>How long what refused a call is left alone.</summary>
    public TimeSpan PauseAfter(UpstreamFailure failure)
    {
        if (failure.Kind != UpstreamFailureKind.RateLimited)
        {
            return options.RefusedCooldown;
        }

        var asked = failure.RetryAfter ?? options.RateLimitCooldown;
        return asked < options.RateLimitCooldownAtMost ? asked : options.RateLimitCooldownAtMost;
    }

    /// <summary>Pauses a deployment: no key of its provider's is free.</summary>
    public void Pause(string deploymentId, DateTimeOffset until, UpstreamFailureKind reason)
    {
        Pause(deploymentId, Of(deploymentId), until, reason);
        Interlocked.Increment(ref changes);
    }

    /// <summary>Takes the word of another instance that a deployment needs a pause.</summary>
    public void CoolDown(string deploymentId, DateTimeOffset until, UpstreamFailureKind? reason)
    {
        Of(deploymentId).CoolDown(until, reason);
        Interlocked.Increment(ref changes);
    }

    /// <summary>Takes what a provider says is left of its window.</summary>
    public void Limit(string deploymentId, RateLimitHeadroom left) => Of(deploymentId).Limit(left);

    /// <summary>How every deployment is doing. Rebuilt when it is old or when a circuit or pause changed; else shared.</summary>
    public LiveState Snapshot(DateTimeOffset now)
    {
        var seen = Volatile.Read(ref changes);
        var snapshot = Volatile.Read(ref cached);
        if (snapshot is not null && seen == Volatile.Read(ref cachedChanges) && (now - snapshot.At).Duration() < options.SnapshotAge)
        {
            return snapshot;
        }

        var states = new List<KeyValuePair<string, DeploymentState>>();
        foreach (var (id, health) in deployments)
        {
            states.Add(new(id, health.State(now)));
        }

        snapshot = new(now, states);
        Volatile.Write(ref cached, snapshot);
        Volatile.Write(ref cachedChanges, seen);
        return snapshot;
    }

    private bool Record(string deploymentId, DeploymentHealth health, UpstreamFailure failure, DateTimeOffset now)
    {
        switch (failure.Kind)
        {
            case UpstreamFailureKind.InvalidRequest:
            case UpstreamFailureKind.ContextLengthExceeded:
            case UpstreamFailureKind.ContentFiltered:
            case UpstreamFailureKind.InvalidAnswer:
                return Announce(deploymentId, health.Answered(now), open: false);
            case UpstreamFailureKind.RateLimited:
                Pause(deploymentId, health, now + PauseAfter(failure), failure.Kind);
                return true;
            case UpstreamFailureKind.AuthenticationFailed:
            case UpstreamFailureKind.QuotaExhausted:
            case UpstreamFailureKind.ModelNotFound:
                var until = now + PauseAfter(failure);
                Pause(deploymentId, health, until, failure.Kind);
                events.DeploymentRefused(deploymentId, failure, until);
                return true;
            default:
                return Announce(deploymentId, health.Failed(now), open: true);
        }
    }

    private void Pause(string deploymentId, DeploymentHealth health, DateTimeOffset until, UpstreamFailureKind reason)
    {
        health.CoolDown(until, reason);
        events.DeploymentPaused(deploymentId, until, reason);
    }

    private bool Announce(string deploymentId, bool changed, bool open)
    {
        if (changed)
        {
            events.CircuitChanged(deploymentId, open);
        }

        return changed;
    }

    private DeploymentHealth Of(string deploymentId) =>
        deployments.TryGetValue(deploymentId, out var health)
            ? health
            : deployments.GetOrAdd(deploymentId, static (_, options) => new(options), options);

    private static double? Speed(Attempt attempt)
    {
        var writing = attempt.Duration - attempt.TimeToFirstChunk;
        return attempt.Usage is { Estimated: false, OutputTokens: > 1 } usage && writing?.TotalSeconds > 0.001
            ? usage.OutputTokens / writing.Value.TotalSeconds
            : null;
    }
}
