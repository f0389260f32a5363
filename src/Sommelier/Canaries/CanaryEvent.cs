using Sommelier.Routing;

namespace Sommelier.Canaries;

/// <summary>What was done to a canary.</summary>
internal enum CanaryAction
{
    /// <summary>It gets no conversations any more.</summary>
    Rollback,

    /// <summary>It gets its share again, and is counted anew.</summary>
    Resume,
}

/// <summary>Why a canary was rolled back.</summary>
internal enum CanaryReason
{
    /// <summary>Most of its first requests failed.</summary>
    FirstRequests,

    /// <summary>More of its requests fail than of the policy's own.</summary>
    ErrorRate,

    /// <summary>It is slower than the policy itself.</summary>
    Latency,

    /// <summary>It costs more than the policy itself.</summary>
    Cost,
}

/// <summary>Something that was done to a canary.</summary>
internal sealed record CanaryEvent
{
    /// <summary>Which canary.</summary>
    public required CanaryKey Key { get; init; }

    /// <summary>The policy or model that it tries.</summary>
    public required string To { get; init; }

    /// <summary>What.</summary>
    public required CanaryAction Action { get; init; }

    /// <summary>When, UTC, to the millisecond.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who: <c>canary</c> for the watch itself, else an administrator.</summary>
    public required string Actor { get; init; }

    /// <summary>Why it was rolled back; null for a resumption.</summary>
    public CanaryReason? Reason { get; init; }

    /// <summary>The same in words, with the figures; empty for a resumption.</summary>
    public string Detail { get; init; } = "";
}
