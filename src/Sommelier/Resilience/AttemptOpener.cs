using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Resilience;

/// <summary>How the opening of a call ended: an answer worth committing to, or a failure; neither when the caller left.</summary>
/// <param name="Answer">The answer; nothing of it has reached the caller.</param>
/// <param name="Failure">What went wrong.</param>
/// <param name="Facts">What was seen of a failed answer.</param>
internal readonly record struct Opening(CommittedAnswer? Answer, UpstreamFailure? Failure, AnswerFacts? Facts = null);

/// <summary>Sends one request and reads until the answer is worth committing to. Failures are values.</summary>
internal sealed class AttemptOpener(AttemptServices services)
{
    private const int ReadSize = 16 * 1024;

    /// <summary>Opens a call. The scope is the answer's when there is one, else still the caller's.</summary>
    public async ValueTask<Opening> OpenAsync(AttemptScope scope)
    {
        try
        {
            var streamed = scope.Call.Outline.Stream;
            scope.Watch.Expect(streamed && scope.Limits.FirstChunkWithin is { } within ? within : scope.Limits.AnswerWithin);
            await scope.Request.AuthorizeAsync(scope.Watch.Token);
            var reply = scope.Reply = new(await services.Http.SendAsync(scope.Request.Message, scope.Watch.Token));
            if (reply.Status is >= 400 and < 500 && await scope.Request.RenewAsync(reply, scope.Watch.Token))
            {
                // A token that was taken back before its end: with another one the same request may pass, once.
                reply.Dispose();
                await scope.Request.AuthorizeAsync(scope.Watch.Token);
                reply = scope.Reply = new(await services.Http.SendAsync(scope.Request.Message, scope.Watch.Token));
            }

            if (RateLimitHeaders.Read(reply, services.Time.GetUtcNow()) is { } headroom)
            {
                scope.Limit(headroom);
            }

            if (reply.Status is < 200 or >= 300)
            {
                return new(null, await ReadErrorAsync(scope, reply));
            }

            return streamed ? await OpenStreamAsync(scope, reply) : await OpenWholeAsync(scope, reply, new PooledBuffer());
        }
        catch (Exception error)
        {
            return new(null, scope.Interpret(error), Seen(error, null));
        }
    }

    private async ValueTask<UpstreamFailure> ReadErrorAsync(AttemptScope scope, UpstreamReply reply)
    {
        using var body = new PooledBuffer();
        await reply.ReadErrorAsync(body, scope.Watch, scope.Limits.StallTimeout);
        var format = scope.Request.Endpoint.Format;
        var failure = HostErrors.Read(format, scope.Request.Target.Quirks, reply.Status, reply.Header, body.Span, services.Time.GetUtcNow());
        var isMissing = reply.Status is 404 or 405
            && MissingEndpoint.IsTold(reply.Status, body.Span, scope.Request.Target.Model, format.Below is not null)
            && !(MissingEndpoint.IsSilent(body.Span) && scope.Request.Endpoint.HasAnswered(services.Time));
        return isMissing ? failure with { IsNoEndpoint = true } : failure;
    }

    private static async ValueTask<Opening> OpenStreamAsync(AttemptScope scope, UpstreamReply reply)
    {
        var format = scope.Request.Endpoint.Format;
        var recovery = scope.Recovery is { Continues: true } continues ? continues : null;
        var quirks = scope.Request.Target.Quirks;
        var form = scope.Request.Form is { } owed ? new StreamedForm(owed, scope.Call.Outline.ToolCount > 0, unfences: !scope.Request.PassThrough || scope.Call.Outline.Choices <= 1) : null;
        var several = scope.Call.Outline.Choices > 1 && format.Name is OpenAIChatFormat.FormatName;
        StreamRelay relay = (scope.Request.PassThrough && recovery is null, form) switch
        {
            (true, null) => format.Streams.CreateRelay(quirks, scope.ReplyContext()),
            (true, { }) => new CheckedRelay(format.Streams.CreateRelay(quirks, scope.ReplyContext()), format.Streams.CreateDecoder(quirks), form, scope.Call, scope.CreateEncoder, several ? new() : null),
            _ => new TranslatingRelay(
                format.Streams.CreateDecoder(quirks), recovery is null ? scope.CreateEncoder() : scope.CreateEncoder(recovery), scope.Call, scope.Request.RenamedTools, form, recovery?.Sent),
        };
        var held = new PooledBuffer();
        Opening opening = default;
        try
        {
            opening = await ReadFirstContentAsync(scope, reply, relay, held);
        }
        catch (Exception error)
        {
            opening = new(null, scope.Interpret(error), Seen(error, relay.Facts));
        }
        finally
        {
            if (opening.Answer is not StreamedAnswer)
            {
                scope.RunningTask ??= relay.RunningTask;
                relay.Dispose();
                held.Dispose();
            }
        }

        return opening;
    }

    private static async ValueTask<Opening> ReadFirstContentAsync(AttemptScope scope, UpstreamReply reply, StreamRelay relay, PooledBuffer held)
    {
        var shape = BodyShape.Unknown;
        var framing = scope.Request.Target.Quirks.FramedEvents ? StreamFraming.Frames : scope.Request.Endpoint.Format.Streams.Framing;
        while (!relay.HasContent)
        {
            _ = await reply.WaitAsync(scope.Watch.Token);
            var chunk = ArrayPool<byte>.Shared.Rent(ReadSize);
            try
            {
                var read = await reply.Body.ReadAsync(chunk, scope.Watch.Token);
                shape = shape == BodyShape.Unknown ? BodyShapes.Of(chunk.AsSpan(0, read), framing) : shape;
                if (shape == BodyShape.Json)
                {
                    return await OpenWholeAsync(scope, reply, Begun(chunk.AsSpan(0, read)));
                }

                if (shape == BodyShape.Other)
                {
                    return new(null, new(UpstreamFailureKind.ProtocolError, "The reply is neither a stream of the format nor JSON."));
                }

                if (read == 0)
                {
                    relay.Complete(held);
                }
                else
                {
                    relay.Relay(chunk.AsSpan(0, read), held);
                }

                if (Trouble(relay, held, ended: read == 0) is { } failure)
                {
                    return new(null, failure, relay.Facts);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(chunk);
            }
        }

        scope.FirstContent();
        return new(
            new StreamedAnswer(scope, reply, relay, held)
            {
                Deployment = scope.Deployment,
                Streamed = true,
                ContentType = scope.Call.Format.Streams.ContentTypeFor(scope.Call.Reply),
                Warnings = scope.Request.Warnings,
            },
            null);
    }

    // Nothing has reached the caller yet: whatever is wrong now is a reason to ask somebody else.
    private static UpstreamFailure? Trouble(StreamRelay relay, PooledBuffer held, bool ended)
    {
        if (relay.Failure is { } failure)
        {
            return failure;
        }

        if (relay.Facts.FinishReason is { Kind: FinishReasonKind.Error } stopped)
        {
            return StoppedAnswer.Of(stopped);
        }

        if (!relay.HasContent && (ended || relay.Ended))
        {
            return new(UpstreamFailureKind.EmptyAnswer, "The stream ended with nothing in it.");
        }

        if (ended && !relay.Ended)
        {
            return new(UpstreamFailureKind.ConnectionLost, "The stream ended without its end mark.");
        }

        return !relay.HasContent && held.Length > AnswerSize.MaxHeld
            ? new(UpstreamFailureKind.ProtocolError, $"More than {AnswerSize.MaxHeld / 1024} KB came without any content.")
            : null;
    }

    private static async ValueTask<Opening> OpenWholeAsync(AttemptScope scope, UpstreamReply reply, PooledBuffer body)
    {
        var answered = false;
        try
        {
            if (!await reply.ReadToEndAsync(body, AnswerSize.MaxWhole, scope.Watch, scope.Limits.StallTimeout))
            {
                return new(null, new(UpstreamFailureKind.ProtocolError, $"The answer is larger than {AnswerSize.MaxWhole / (1024 * 1024)} MB."));
            }

            scope.FirstContent();
            var answer = AnswerTranslation.Whole(scope, body);
            if (answer.Failure is { } invalid)
            {
                return new(null, invalid, answer.Facts);
            }

            if (answer.Facts.FinishReason is { Kind: FinishReasonKind.Error } stopped)
            {
                answer.Body.Dispose();
                return new(null, StoppedAnswer.Of(stopped), answer.Facts);
            }

            answered = ReferenceEquals(answer.Body, body);
            return new(
                new WholeAnswer(scope, answer.Body, answer.Facts)
                {
                    Deployment = scope.Deployment,
                    Streamed = scope.Call.Outline.Stream,
                    ContentType = scope.Call.Outline.Stream ? scope.Call.Format.Streams.ContentTypeFor(scope.Call.Reply) : "application/json",
                    Warnings = scope.Unpriced(answer.Facts.Usage) is { Count: > 0 } unpriced ? [.. answer.Warnings, .. unpriced] : answer.Warnings,
                },
                null);
        }
        finally
        {
            if (!answered)
            {
                scope.RunningTask ??= RunningTask(scope, body);
                body.Dispose();
            }
        }
    }

    // A whole answer may be put together from a stream, of which only the beginning has come.
    private static string? RunningTask(AttemptScope scope, PooledBuffer body)
    {
        if (!scope.Request.Endpoint.Stops || BodyShapes.Of(body.Span) != BodyShape.Events)
        {
            return null;
        }

        using var decoder = scope.Request.Endpoint.Format.Streams.CreateDecoder(scope.Request.Target.Quirks);
        try
        {
            decoder.Decode(body.Span, []);
        }
        catch (UpstreamException)
        {
            // What stood before is known.
        }

        return decoder.RunningTask;
    }

    private static AnswerFacts? Seen(Exception error, AnswerFacts? facts) =>
        error is UpstreamException { Usage: { } usage } ? new AnswerFacts { Usage = usage } : facts;

    private static PooledBuffer Begun(ReadOnlySpan<byte> start)
    {
        var body = new PooledBuffer(start.Length * 2);
        body.Write(start);
        return body;
    }
}
