using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;
using Sommelier.Upstream;

namespace Sommelier.Resilience;

/// <summary>One deployment's circuit, pauses and measurements. Its lock is held for a few stores, once per attempt.</summary>
internal sealed class DeploymentHealth(HealthOptions options)
{
    // The weight of the newest attempt in running means: about the last twenty count.
    private const double Newest = 0.1;

    private readonly Lock gate = new();
    private readonly LatencySketch firstChunk = new();
    private DateTimeOffset? measuredAt;
    private double? tokensPerSecond;
    private double errorRate;
    private long requests;
    private int failuresInRow;
    private DateTimeOffset? openUntil;
    private TimeSpan openFor;
    private bool probing;
    private DateTimeOffset? cooldownUntil;
    private UpstreamFailureKind? cooldownReason;
    private RateLimitHeadroom? headroom;

    /// <summary>Whether a request may go there now. A circuit whose time is up lets one through to try it.</summary>
    public bool Admit(DateTimeOffset now)
    {
        lock (gate)
        {
            if (cooldownUntil > now || openUntil > now || (openUntil is not null && probing))
            {
                return false;
            }

            probing = openUntil is not null;
            return true;
        }
    }

    /// <summary>Whether the circuit keeps requests away.</summary>
    public bool IsOpen(DateTimeOffset now)
    {
        lock (gate)
        {
            return openUntil > now;
        }
    }

    /// <summary>Takes a whole answer.</summary>
    /// <returns>Whether the circuit changed.</returns>
    public bool Succeeded(DateTimeOffset now, TimeSpan? timeToFirstChunk, double? speed)
    {
        lock (gate)
        {
            Count(failed: 0);
            if (timeToFirstChunk is { } first)
            {
                Measure(now, first);
            }

            if (speed is { } measured)
            {
                tokensPerSecond = tokensPerSecond is { } before ? before + (Newest * 2 * (measured - before)) : measured;
            }

            return Close(now);
        }
    }

    /// <summary>Takes an answer that says no more than that the deployment is alive: a refused request.</summary>
    /// <returns>Whether the circuit changed.</returns>
    public bool Answered(DateTimeOffset now)
    {
        lock (gate)
        {
            Count(failed: 0);
            return Close(now);
        }
    }

    /// <summary>The caller left: a probe that was running has told nothing.</summary>
    public void Abandoned()
    {
        lock (gate)
        {
            probing = false;
        }
    }

    /// <summary>Another deployment was quicker. Its own time was at least so long: left out, it would make the deployment look ever quicker.</summary>
    public void Outrun(DateTimeOffset now, TimeSpan atLeast)
    {
        lock (gate)
        {
            probing = false;
            firstChunk.Add(atLeast);
            measuredAt = now;
        }
    }

    /// <summary>The 95th percentile of recent times to the first content; null before so many were measured.</summary>
    public TimeSpan? LateAfter(int leastSeen)
    {
        lock (gate)
        {
            return firstChunk.Count >= leastSeen && firstChunk.Quantile(0.95) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        }
    }

    /// <summary>Takes a failure of the deployment itself.</summary>
    /// <returns>Whether the circuit opened.</returns>
    public bool Failed(DateTimeOffset now)
    {
        lock (gate)
        {
            Count(failed: 1);
            failuresInRow++;
            var opens = probing || failuresInRow >= options.FailuresToOpen
                || (requests >= options.LeastRequests && errorRate >= options.ErrorRateToOpen);
            if (!opens || openUntil > now)
            {
                return false;
            }

            openFor = probing ? Shorter(openFor * 2, options.OpenForAtMost) : options.OpenFor;
            openUntil = now + openFor;
            probing = false;
            return true;
        }
    }

    /// <summary>Takes a pause that the provider asked for or that a refusal calls for.</summary>
    public void CoolDown(DateTimeOffset until, UpstreamFailureKind? reason)
    {
        lock (gate)
        {
            Count(failed: 1);
            probing = false;
            if (cooldownUntil is null || cooldownUntil < until)
            {
                cooldownUntil = until;
                cooldownReason = reason;
            }
        }
    }

    /// <summary>Takes what the provider says is left of its window.</summary>
    public void Limit(RateLimitHeadroom left)
    {
        lock (gate)
        {
            headroom = left;
        }
    }

    /// <summary>How it is doing.</summary>
    public DeploymentState State(DateTimeOffset now)
    {
        lock (gate)
        {
            var left = headroom is { } known && known.Until > now ? headroom : null;
            return new()
            {
                P50TimeToFirstChunkMs = firstChunk.Quantile(0.5),
                P95TimeToFirstChunkMs = firstChunk.Quantile(0.95),
                TokensPerSecond = tokensPerSecond,
                MeasuredAt = measuredAt,
                ErrorRate = errorRate,
                Requests = requests,
                CircuitOpenUntil = openUntil,
                CooldownUntil = cooldownUntil > now ? cooldownUntil : null,
                CooldownReason = cooldownUntil > now ? cooldownReason : null,
                RateLimitRemainingRequests = left?.Requests,
                RateLimitRemainingTokens = left?.Tokens,
            };
        }
    }

    private void Measure(DateTimeOffset now, TimeSpan first)
    {
        // After a pause one that is much faster says that what was slow then is over. A slower one may just have been asleep.
        if (now - measuredAt > FadedMeasurement.HoldsFor && first.TotalMilliseconds < firstChunk.Quantile(0.5) / 2)
        {
            firstChunk.Clear();
            tokensPerSecond = null;
        }

        firstChunk.Add(first);
        measuredAt = now;
    }

    private void Count(double failed)
    {
        requests++;
        errorRate += Math.Max(Newest, 1.0 / requests) * (failed - errorRate);
    }

    // An answer to a request that left before the circuit opened does not close it: only one that was sent to try it does.
    private bool Close(DateTimeOffset now)
    {
        failuresInRow = 0;
        if (openUntil > now)
        {
            return false;
        }

        probing = false;
        if (openUntil is null)
        {
            return false;
        }

        // The share of failures belongs to the time before: left as it is, the next single failure would open again.
        errorRate = 0;
        openUntil = null;
        return true;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
