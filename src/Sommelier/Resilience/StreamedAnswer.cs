using System.Buffers;
using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Resilience;

/// <summary>A stream whose first content is here and held back, and whose rest is passed on as it arrives.</summary>
/// <remarks>
/// From the first byte that it writes there is no way back: whatever goes wrong is told by the dialect's error event, and
/// the end mark is only ever the vendor's own.
/// </remarks>
internal sealed class StreamedAnswer(AttemptScope scope, UpstreamReply reply, StreamRelay relay, PooledBuffer held) : CommittedAnswer
{
    private const int ReadSize = 16 * 1024;
    private static readonly TimeSpan ErrorWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(1);

    private bool drains;

    /// <inheritdoc/>
    public override AnswerFacts Facts => relay.Facts;

    /// <inheritdoc/>
    public override IReadOnlyList<Warning> LateWarnings => relay is TranslatingRelay translating ? translating.Warnings : [];

    /// <inheritdoc/>
    public override async ValueTask<Attempt> WriteToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        using var gone = cancellationToken.UnsafeRegister(static watch => ((Watchdog)watch!).Abandon(), scope.Watch);
        UpstreamFailure? failure;
        try
        {
            failure = await RelayAsync(output);
        }
        catch (Exception error)
        {
            failure = scope.Interpret(error);
        }

        if (scope.Watch.CallerGone)
        {
            // Closing the connection is what stops the vendor; everything else can wait.
            reply.Dispose();
            return scope.End(AttemptOutcome.Canceled, Facts, committed: true);
        }

        if (failure is null)
        {
            drains = true;
            return scope.End(AttemptOutcome.Succeeded, Facts, committed: true);
        }

        if (failure.Kind == UpstreamFailureKind.InvalidAnswer && Facts.FinishReason is not null)
        {
            await ReadBillAsync(output);
        }

        reply.Dispose();
        var attempt = scope.End(AttemptOutcome.Broken, Facts, failure, committed: true);
        await WriteErrorAsync(output, FailureReport.Broken(Deployment, failure), cancellationToken);
        return attempt;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        scope.End(AttemptOutcome.Canceled, Facts);
        relay.Dispose();
        held.Dispose();
        if (drains)
        {
            _ = DrainAsync();
        }
        else
        {
            scope.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask<UpstreamFailure?> RelayAsync(PipeWriter output)
    {
        output.Write(held.Span);
        scope.Watch.Expect(scope.Limits.StallTimeout);
        if (!await FlushAsync(output))
        {
            return null;
        }

        while (!relay.Ended)
        {
            scope.Watch.Expect(scope.Limits.StallTimeout);
            await reply.WaitAsync(scope.Watch.Token);
            var open = await ReadAsync(output);
            if (relay.Failure is { } failure)
            {
                return failure;
            }

            if (!open && !relay.Ended)
            {
                return new(UpstreamFailureKind.ConnectionLost, "The stream ended without its end mark.");
            }

            if (!await FlushAsync(output))
            {
                return null;
            }
        }

        return null;
    }

    // The vendor has finished an answer that is refused here; the token counts come behind its finish reason.
    private async ValueTask ReadBillAsync(PipeWriter output)
    {
        try
        {
            scope.Watch.Expect(ErrorWithin);
            while (!relay.Ended && await ReadAsync(output))
            {
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException or UpstreamException)
        {
            // An estimate must do.
        }
    }

    // False when the connection has ended.
    private async ValueTask<bool> ReadAsync(PipeWriter output)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            var read = await reply.Body.ReadAsync(chunk, scope.Watch.Token);
            if (read == 0)
            {
                relay.Complete(output);
                return false;
            }

            relay.Relay(chunk.AsSpan(0, read), output);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    // A slow caller is not a stalled vendor: only the total time runs while bytes wait to be taken. False when it left.
    private async ValueTask<bool> FlushAsync(PipeWriter output)
    {
        FlushResult flushed;
        try
        {
            var flushing = output.FlushAsync(scope.Watch.Token);
            if (!flushing.IsCompleted)
            {
                scope.Watch.Expect(null);
            }

            flushed = await flushing;
        }
        catch (IOException)
        {
            scope.Watch.Abandon();
            return false;
        }

        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            scope.Watch.Abandon();
            return false;
        }

        return true;
    }

    private async ValueTask WriteErrorAsync(PipeWriter output, GatewayError error, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(ErrorWithin, scope.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            relay.WriteError(error, output);
            await output.FlushAsync(either.Token);
        }
        catch (Exception failed) when (failed is OperationCanceledException or IOException)
        {
            // Nobody is there to read it.
        }
    }

    // Reads the few bytes behind the end mark, so that the connection can serve another request.
    private async Task DrainAsync()
    {
        var chunk = ArrayPool<byte>.Shared.Rent(1024);
        try
        {
            using var timer = new CancellationTokenSource(DrainWithin, scope.Time);
            for (var total = 0; total < 64 * 1024;)
            {
                var read = await reply.Body.ReadAsync(chunk, timer.Token);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or HttpRequestException)
        {
            // The connection is not worth keeping.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
            scope.Dispose();
        }
    }
}
