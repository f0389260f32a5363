using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>An answer that is all here, in the caller's dialect.</summary>
/// <param name="scope">The call that gave it, or the last of several that did.</param>
/// <param name="body">The answer.</param>
/// <param name="facts">What that call gave, for its record.</param>
/// <param name="sum">What all of them gave, where there were several.</param>
internal sealed class WholeAnswer(AttemptScope scope, PooledBuffer body, AnswerFacts facts, AnswerFacts? sum = null) : CommittedAnswer
{
    /// <summary>The answer's bytes.</summary>
    public ReadOnlySpan<byte> Body => body.Span;

    /// <inheritdoc/>
    public override long? Length => body.Length;

    /// <inheritdoc/>
    public override AnswerFacts Facts => sum ?? facts;

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

    /// <summary>Gives back the bytes alone: another answer has taken over the call.</summary>
    public void Release() => body.Dispose();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        scope.End(AttemptOutcome.Canceled, facts);
        body.Dispose();
        scope.Dispose();
        return ValueTask.CompletedTask;
    }
}
