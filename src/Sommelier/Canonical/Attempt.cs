namespace Sommelier.Canonical;

/// <summary>How one upstream call ended.</summary>
public enum AttemptOutcome
{
    /// <summary>A whole answer.</summary>
    Succeeded,

    /// <summary>A failure before anything reached the caller; the next attempt took over, or none was left.</summary>
    Failed,

    /// <summary>A failure after the first byte had reached the caller.</summary>
    Broken,

    /// <summary>The caller went away.</summary>
    Canceled,

    /// <summary>Nobody saw: the process died while it ran.</summary>
    Unknown,

    /// <summary>Another call that ran beside it answered first, see <see cref="Routing.HedgeSettings"/>; it was given up, and is billed by estimate.</summary>
    /// <remarks>Also a check of a cheap model's answer that was given up because the time for both was over, see <see cref="Routing.Cascading.CascadeSettings"/>.</remarks>
    Superseded,

    /// <summary>A whole answer that did not pass the policy's checks, so that nobody saw it: see <see cref="Routing.Cascading.CascadeSettings"/>.</summary>
    Rejected,
}

/// <summary>What an upstream call is for.</summary>
public enum AttemptPurpose
{
    /// <summary>The answer.</summary>
    Answer,

    /// <summary>A second answer of the same model, held against the first.</summary>
    Sample,

    /// <summary>A judgement of the answer.</summary>
    Judge,
}

/// <summary>One upstream call, for the record.</summary>
public sealed record Attempt
{
    /// <summary>1 for the first call of a request.</summary>
    public required int Number { get; init; }

    /// <summary>Who was asked: <c>provider/model</c>.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>The model name that was sent.</summary>
    public required string RequestModel { get; init; }

    /// <summary>The model that says it answered, or null.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>Which of the provider's several keys it showed, from 1 in the order of the configuration; null where there is one, or when nobody knows.</summary>
    public int? ApiKeyNumber { get; init; }

    /// <summary>When the call began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the start to the last byte or the failure.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>From the start to the first content, or null when none came.</summary>
    public TimeSpan? TimeToFirstChunk { get; init; }

    /// <summary>What it is for; the answer by default.</summary>
    public AttemptPurpose Purpose { get; init; }

    /// <summary>How it ended.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Whether bytes of it reached the caller.</summary>
    public bool OutputCommitted { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public UpstreamFailure? Failure { get; init; }

    /// <summary>Token counts, estimated where the vendor reported none; null when nothing was used.</summary>
    public Usage? Usage { get; init; }

    /// <summary>What it cost by the price of its moment, in nano-USD; 0 for a failure that the vendor does not bill.</summary>
    public long CostNanoUsd { get; init; }

    /// <summary>Why the model stopped, or null.</summary>
    public FinishReason? FinishReason { get; init; }
}
