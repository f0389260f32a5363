using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>
/// An answer that is worth committing to: its first content has arrived, or all of it. Nothing has reached the caller yet.
/// </summary>
/// <remarks>
/// A whole answer knows its <see cref="Facts"/> before it is written; a streamed one only afterwards. Dispose it in any
/// case: that closes the upstream connection when the caller went away.
/// </remarks>
internal abstract class CommittedAnswer : IAsyncDisposable
{
    /// <summary>Who answers.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>Whose answer the caller has in the end: another's, when a stream broke and was begun anew.</summary>
    public virtual Deployment AnsweredBy => Deployment;

    /// <summary>Whether it comes as a stream.</summary>
    public required bool Streamed { get; init; }

    /// <summary>The media type of what is written.</summary>
    public required string ContentType { get; init; }

    /// <summary>How many bytes it has, or null for an answer that is still being made.</summary>
    public virtual long? Length => null;

    /// <summary>What was lost or changed on the way there.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }

    /// <summary>What was lost while a stream was written, known only after it.</summary>
    public virtual IReadOnlyList<Warning> LateWarnings => [];

    /// <summary>What the request has cost in nano-USD, failed calls included; null while that is not known.</summary>
    public virtual long? CostNanoUsd => null;

    /// <summary>How old a stored answer is; null for one that a provider gives now.</summary>
    public virtual TimeSpan? Age => null;

    /// <summary>Usage, finish reason, model: complete for a whole answer, as far as seen for a stream.</summary>
    public abstract AnswerFacts Facts { get; }

    /// <summary>
    /// Writes the answer in the caller's dialect, flushing as it arrives, and appends the attempt to the log. A failure in
    /// the middle is written as the dialect's error event: never as a clean end.
    /// </summary>
    /// <returns>The attempt as it ended: succeeded, broken or canceled.</returns>
    public abstract ValueTask<Attempt> WriteToAsync(PipeWriter output, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
