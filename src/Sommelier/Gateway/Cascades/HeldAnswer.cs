using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Ledger;
using Sommelier.Resilience;
using Sommelier.Wire;

namespace Sommelier.Gateway.Cascades;

/// <summary>A whole answer that is held until it has been checked. Its call is over and in the log.</summary>
/// <param name="held">Its bytes.</param>
/// <param name="attempt">Its call.</param>
/// <param name="facts">What the record needs to know of it.</param>
/// <param name="late">What was lost while it was written.</param>
/// <param name="log">Every call of the request.</param>
/// <param name="time">The clock.</param>
internal sealed class HeldAnswer(HoldingWriter held, Attempt attempt, AnswerFacts facts, IReadOnlyList<Warning> late, IReadOnlyList<Attempt> log, TimeProvider time) : CommittedAnswer
{
    /// <summary>Its bytes, in the caller's dialect.</summary>
    public ReadOnlySpan<byte> Body => held.Span;

    /// <summary>Its call's number.</summary>
    public int Number => attempt.Number;

    /// <summary>When the caller got its beginning; null before.</summary>
    public DateTimeOffset? WrittenAt { get; private set; }

    /// <inheritdoc/>
    public override long? Length => Streamed ? null : held.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<Warning> LateWarnings => late;

    /// <inheritdoc/>
    public override long? CostNanoUsd => LedgerSums.Of(log).CostNanoUsd;

    /// <inheritdoc/>
    public override AnswerFacts Facts => facts;

    /// <inheritdoc/>
    public override async ValueTask<Attempt> WriteToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        WrittenAt = time.GetUtcNow();
        try
        {
            return await held.ReleaseToAsync(output, cancellationToken) ? attempt : attempt with { Outcome = AttemptOutcome.Canceled };
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return attempt with { Outcome = AttemptOutcome.Canceled };
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        held.Release();
        return ValueTask.CompletedTask;
    }
}
