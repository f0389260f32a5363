using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Resilience;
using Sommelier.Wire;

namespace Sommelier.Gateway.Caching;

/// <summary>An answer that was stored, given again: it costs nothing, and no provider is asked.</summary>
/// <remarks>Its attempt is none: nothing is appended to the log.</remarks>
internal sealed class StoredAnswer(CachedAnswer stored, DateTimeOffset now) : CommittedAnswer
{
    /// <inheritdoc/>
    public override long? Length => stored.Body.Length;

    /// <inheritdoc/>
    public override AnswerFacts Facts => stored.Facts;

    /// <inheritdoc/>
    public override long? CostNanoUsd => 0;

    /// <summary>How near the request is that it was given to; null when it was the same.</summary>
    public double? Similarity => stored.Similarity;

    /// <inheritdoc/>
    public override TimeSpan? Age { get; } = now > stored.At ? now - stored.At : TimeSpan.Zero;

    /// <inheritdoc/>
    public override async ValueTask<Attempt> WriteToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            var flushed = await output.WriteAsync(stored.Body, cancellationToken);
            return Ended(flushed.IsCanceled || flushed.IsCompleted ? AttemptOutcome.Canceled : AttemptOutcome.Succeeded);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return Ended(AttemptOutcome.Canceled);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => default;

    private Attempt Ended(AttemptOutcome outcome) => new()
    {
        Number = 0,
        DeploymentId = Deployment.Id,
        RequestModel = Deployment.Model,
        ResponseModel = Facts.ResponseModel,
        StartedAt = now,
        Outcome = outcome,
        OutputCommitted = true,
        FinishReason = Facts.FinishReason,
    };
}
