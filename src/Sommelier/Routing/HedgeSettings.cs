namespace Sommelier.Routing;

/// <summary>When a second deployment is asked before the first has failed, because it is late, and what that may cost.</summary>
public sealed record HedgeSettings
{
    /// <summary>How late; null: later than the 95th percentile of the deployment's own times to the first content.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>The greatest share of stream requests that may be hedged, 0 to 1; 0.05 by default.</summary>
    public double MaxShare { get; init; } = 0.05;

    /// <summary>The most that hedges may cost beyond what the requests would have cost without them, in USD per hour; 1 by default.</summary>
    public decimal MaxUsdPerHour { get; init; } = 1;
}
