using Sommelier.Canonical;

namespace Sommelier.Quality;

/// <summary>A caller's word on an answer to its own request.</summary>
internal sealed record Feedback
{
    /// <summary>The most characters of a comment.</summary>
    public const int LongestComment = 2000;

    /// <summary>The request.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whose request it was, and whose word it is.</summary>
    public required string CallerId { get; init; }

    /// <summary>When it was said, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How good the answer was, 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>In the caller's words, or null. Deleted when the ledger's retention is over.</summary>
    public string? Comment { get; init; }

    /// <summary>The deployment that answered.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>The model that said it answered; empty when unknown.</summary>
    public string ModelVersion { get; init; } = "";

    /// <summary>What it counts as evidence of; null when it does not count.</summary>
    public Intent? Intent { get; init; }
}
