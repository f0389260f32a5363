using Sommelier.Canonical;

namespace Sommelier.Catalog;

/// <summary>How a deployment is doing, at one moment.</summary>
public sealed record DeploymentState
{
    /// <summary>Nothing measured yet.</summary>
    public static DeploymentState Unknown { get; } = new();

    /// <summary>Median time to the first chunk, ms; null without measurements.</summary>
    public double? P50TimeToFirstChunkMs { get; init; }

    /// <summary>95th percentile of the time to the first chunk, ms; null without measurements.</summary>
    public double? P95TimeToFirstChunkMs { get; init; }

    /// <summary>Output tokens per second once the answer has begun; null without measurements.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>When one of these times was last measured; null when that is not known.</summary>
    internal DateTimeOffset? MeasuredAt { get; init; }

    /// <summary>Share of recent attempts that failed, 0 to 1.</summary>
    public double ErrorRate { get; init; }

    /// <summary>Attempts that the figures rest on.</summary>
    public long Requests { get; init; }

    /// <summary>The circuit is open until then: no requests.</summary>
    public DateTimeOffset? CircuitOpenUntil { get; init; }

    /// <summary>It pauses until then: its provider asked for it, or refused the key, the account or the model.</summary>
    public DateTimeOffset? CooldownUntil { get; init; }

    /// <summary>What the pause came from; null when there is none, or when it is not known. Explains a choice and never changes one.</summary>
    public UpstreamFailureKind? CooldownReason { get; init; }

    /// <summary>Requests left in the provider's current window; null when it does not say.</summary>
    public long? RateLimitRemainingRequests { get; init; }

    /// <summary>Calls under way there, from this process; null where no policy asked, or none is.</summary>
    public int? Running { get; init; }

    /// <summary>Tokens left in the provider's current window; null when it does not say.</summary>
    public long? RateLimitRemainingTokens { get; init; }
}
