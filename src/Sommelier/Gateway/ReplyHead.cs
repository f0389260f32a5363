using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>What a reply tells about itself before its body: the <c>x-sommelier-*</c> headers.</summary>
internal readonly record struct ReplyHead
{
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>The media type of the body.</summary>
    public required string ContentType { get; init; }

    /// <summary>How many bytes the body has, or null when it is not known yet.</summary>
    public long? ContentLength { get; init; }

    /// <summary>The id under which the ledger knows the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who answers: <c>provider/model</c>; null when nobody does.</summary>
    public string? Model { get; init; }

    /// <summary>The policy that decided; null before one did.</summary>
    public string? Policy { get; init; }

    /// <summary>The most likely intent; null when the request was not classified.</summary>
    public string? Intent { get; init; }

    /// <summary>One token: why this model.</summary>
    public string? Reason { get; init; }

    /// <summary>How many upstream calls were made; null while that is not known.</summary>
    public int? Attempts { get; init; }

    /// <summary>Milliseconds that the gateway itself took; null when no upstream was asked.</summary>
    public double? OverheadMs { get; init; }

    /// <summary>What it cost, in nano-USD, for replies that are whole when they start; else null.</summary>
    public long? CostNanoUsd { get; init; }

    /// <summary>Whether a stored answer was found; null when none was looked for.</summary>
    public bool? CacheHit { get; init; }

    /// <summary>How near the request was that a stored answer was given to, as a cosine; null when it was the same.</summary>
    public double? Similarity { get; init; }

    /// <summary>How old a stored answer is; null for a new one.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>The conversation that an application keeps, by which the caller can go on with it; null where there is none.</summary>
    public string? Conversation { get; init; }

    /// <summary>What was lost or changed in translation.</summary>
    public IReadOnlyList<Warning> Warnings { get; init; }

    /// <summary>The day on which the model that was asked for is retired; null when none is known.</summary>
    public DateOnly? Sunset { get; init; }

    /// <summary>The day since which it is deprecated; null when it is not.</summary>
    public DateOnly? DeprecatedOn { get; init; }

    /// <summary>Whether the reply is invented (<c>demo</c>).</summary>
    public bool Simulated { get; init; }

    /// <summary>A header of the caller's dialect that names the kind of error, or null.</summary>
    public KeyValuePair<string, string>? DialectHeader { get; init; }

    /// <summary>How the caller's limits per minute stand, in its dialect; null where it has none, or the dialect no words for it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? RateLimits { get; init; }

    /// <summary>When to come back, for errors that pass.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
