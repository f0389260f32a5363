namespace Sommelier.Resilience;

/// <summary>When a deployment is left alone, and for how long.</summary>
internal sealed record HealthOptions
{
    /// <summary>Failures in a row that open the circuit. Default 5.</summary>
    public int FailuresToOpen { get; init; } = 5;

    /// <summary>Share of recent failures that opens the circuit, once <see cref="LeastRequests"/> were seen. Default 0.5.</summary>
    public double ErrorRateToOpen { get; init; } = 0.5;

    /// <summary>Requests before the share means anything. Default 20.</summary>
    public int LeastRequests { get; init; } = 20;

    /// <summary>How long a circuit stays open at first; doubles with each failed probe. Default 10 s.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a circuit stays open without a probe. Default 5 min.</summary>
    public TimeSpan OpenForAtMost { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The pause after a rate limit that names no time. Default 5 s.</summary>
    public TimeSpan RateLimitCooldown { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause that a provider's hint is followed for. Default 1 h.</summary>
    public TimeSpan RateLimitCooldownAtMost { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The pause after a refused key, an unknown model or an empty account. Default 5 min.</summary>
    public TimeSpan RefusedCooldown { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How old a snapshot may be. Default 50 ms.</summary>
    public TimeSpan SnapshotAge { get; init; } = TimeSpan.FromMilliseconds(50);
}
