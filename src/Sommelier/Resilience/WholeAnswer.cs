using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>An answer that is all here, in the caller's dialect.</summary>
internal sealed class WholeAnswer(AttemptScope scope, PooledBuffer body, AnswerFacts facts) : CommittedAnswer
{
    /// <inheritdoc/>
    public override long? Length => body.Length;

    /// <inheritdoc/>
    public override AnswerFacts Facts => facts;

    /// <inheritdoc/>
    public override long? CostNanoUsd => facts.Usage is { } usage ? scope.Cost(usage) : null;

    /// <inheritdoc/>
    public override async ValueTask<Attempt> WriteToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        try
        {
            var flushed = await output.WriteAsync(body.Memory, cancellationToken);
            return scope.End(
                flushed.IsCanceled || flushed.IsCompleted ? AttemptOutcome.Canceled : AttemptOutcome.Succeeded, facts, committed: true);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return scope.End(AttemptOutcome.Canceled, facts, committed: true);
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        scope.End(AttemptOutcome.Canceled, facts);
        body.Dispose();
        scope.Dispose();
        return ValueTask.CompletedTask;
    }
}
