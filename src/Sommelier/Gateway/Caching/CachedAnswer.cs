using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Gateway.Caching;

/// <summary>A complete answer in a caller's dialect, as it can be given again. Immutable.</summary>
internal sealed record CachedAnswer
{
    /// <summary>The bytes of the reply.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Their media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>Whether they are a stream's.</summary>
    public required bool Streamed { get; init; }

    /// <summary>Who gave it: <c>provider/model</c>.</summary>
    public required string DeploymentId { get; init; }

    /// <summary>Usage, finish reason and model, as they were.</summary>
    public required AnswerFacts Facts { get; init; }

    /// <summary>What was lost or changed on its way.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }

    /// <summary>The only caller who may have it again, for an answer that only that caller can go on from; null for the whole tenant.</summary>
    public string? CallerId { get; init; }

    /// <summary>How near the request that it was given to is to the one under whose key it is stored, as a cosine; null when they are the same.</summary>
    public double? Similarity { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
