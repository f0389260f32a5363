using System.Buffers;
using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Catalog;
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
    private KeepAlive? alive;
    private CommittedAnswer? follower;
    private Warning? seam;

    /// <inheritdoc/>
    public override AnswerFacts Facts => follower?.Facts ?? relay.Facts;

    /// <inheritdoc/>
    public override Deployment AnsweredBy => follower is null || scope.Recovery is { Continues: true } ? Deployment : follower.Deployment;

    /// <inheritdoc/>
    public override IReadOnlyList<Warning> LateWarnings => seam switch
    {
        null => scope.Unpriced(relay.Facts.Usage) is { Count: > 0 } unpriced ? [.. relay.Warnings, .. unpriced] : relay.Warnings,

        // Whoever goes on writes with the same writer, and tells its losses too.
        { } told when scope.Recovery is { Continues: true } => [.. scope.Unpriced(relay.Facts.Usage), told, .. follower!.Warnings, .. follower.LateWarnings],
        { } told => [.. relay.Warnings, .. scope.Unpriced(relay.Facts.Usage), told, .. follower!.Warnings, .. follower.LateWarnings],
    };

    /// <inheritdoc/>
    public override async ValueTask<Attempt> WriteToAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        using var gone = cancellationToken.UnsafeRegister(static watch => ((Watchdog)watch!).Abandon(), scope.Watch);
        var mark = scope.Call.Format.Streams.KeepAliveFor(scope.Call.Reply);
        if (!mark.IsEmpty && scope.Limits.KeepAlive > TimeSpan.Zero)
        {
            alive = new(output, mark, scope.Watch.Abandon, scope.Watch.Token);
            scope.Watch.WhenQuiet(scope.Limits.KeepAlive, alive.Beat);
        }

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
        if (await RecoverAsync(attempt, output, cancellationToken) is { } next)
        {
            (follower, seam) = (next, scope.Recovery!.Warn(attempt, next));
            scope.Recovery.WriteMark(attempt, next, output);
            return await next.WriteToAsync(output, cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // The caller left while somebody else was asked.
            return attempt with { Outcome = AttemptOutcome.Canceled };
        }

        await WriteErrorAsync(output, FailureReport.Broken(Deployment, failure), cancellationToken);
        return attempt;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        scope.End(AttemptOutcome.Canceled, relay.Facts);
        scope.RunningTask = relay.RunningTask;
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

        if (follower is not null)
        {
            await follower.DisposeAsync();
        }
    }

    private async ValueTask<UpstreamFailure?> RelayAsync(PipeWriter output)
    {
        output.Write(held.Span);
        held.Dispose();
        scope.Request.Release();
        scope.Watch.Expect(scope.Limits.StallTimeout);
        if (!await FlushAsync(output))
        {
            return null;
        }

        while (!relay.Ended)
        {
            // Here and not in a method of its own: a stream waits here for each chunk, and each such wait would be an object.
            scope.Watch.Expect(scope.Limits.StallTimeout);
            alive?.Silence();
            try
            {
                _ = await reply.WaitAsync(scope.Watch.Token);
            }
            finally
            {
                await SpeakAsync();
            }

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

    // A mark that a slow caller does not take is no silence of the vendor's.
    private async ValueTask SpeakAsync()
    {
        while (alive is not null && !alive.TrySpeak(out var beaten))
        {
            scope.Watch.Expect(null);
            await beaten;
        }
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

    // The stream is kept alive while somebody else is asked.
    private async ValueTask<CommittedAnswer?> RecoverAsync(Attempt broken, PipeWriter output, CancellationToken cancellationToken)
    {
        if (scope.Recovery is not { } recovery)
        {
            return null;
        }

        scope.Watch.Expect(null);
        alive?.Silence();
        try
        {
            return await recovery.AskAsync(broken, relay.Facts, cancellationToken);
        }
        finally
        {
            await SpeakAsync();
        }
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
