using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.Simulation;

/// <summary>
/// Stands where the network stands and plays every provider for <c>sommelier demo</c>: same bytes, plausible timing, an
/// answer that says of itself that it is invented.
/// </summary>
/// <remarks>
/// Everything above it is the real thing: routing, wire formats, attempts, fallback, prices, ledger. A small share of
/// calls is refused, so that fallback can be seen.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="seed">Of timings and failures.</param>
/// <param name="known">What a simulated model happens to know; null where it knows nothing, as it always does by default.</param>
internal sealed class SimulatedHandler(TimeProvider time, int seed, Func<ChatRequest, IReadOnlyList<ContentPart>?>? known = null) : HttpMessageHandler
{
    /// <summary>The share of calls that are refused with 429 or 529.</summary>
    public const double FailureShare = 0.03;

    private int calls;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var place = SimulatedPlace.Of(request.RequestUri!);
        var format = place.Format;
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        ReadOnlyMemory<byte> whole = place.Complete(body);
        var asked = format.Requests.Read(whole, place.Path);
        var number = Interlocked.Increment(ref calls);
        var profile = SimulatedProfile.Of(asked.OriginalModel, seed, number);

        if (profile.Fails)
        {
            await Task.Delay(profile.FirstChunk / 4, time, cancellationToken);
            return Refuse(format, request);
        }

        var answer = SimulatedAnswer.To(asked, body.Length, known?.Invoke(asked));
        var context = new ReplyContext
        {
            FallbackId = $"sim-{number}",
            Model = asked.OriginalModel,
            Created = time.GetUtcNow(),
            StreamUsage = true,
            FindTool = asked.FindTool,

            // Callers of the older functions, among others, are answered in their own way.
            Request = whole,
            Outline = format.Requests.Outline(whole.Span, place.Path),
        };

        if (!asked.Stream)
        {
            await Task.Delay(profile.FirstChunk + profile.Writing(answer.Usage!.Value.OutputTokens), time, cancellationToken);
            var output = new ArrayBufferWriter<byte>();
            format.Responses.Write(answer, context, output, new List<Warning>());
            return Reply(request, HttpStatusCode.OK, new ReadOnlyMemoryContent(output.WrittenMemory), "application/json");
        }

        var pipe = new Pipe();
        _ = StreamAsync(format.Streams.CreateEncoder(context), answer, profile, pipe.Writer, cancellationToken);
        return Reply(request, HttpStatusCode.OK, new StreamContent(pipe.Reader.AsStream()), format.Streams.ContentType);
    }

    private async Task StreamAsync(StreamEncoder encoder, ChatResponse answer, SimulatedProfile profile, PipeWriter output, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            encoder.Write(new StartDelta(answer.Id, answer.ResponseModel), output);
            await Task.Delay(profile.FirstChunk, time, cancellationToken);
            foreach (var delta in SimulatedAnswer.Deltas(answer))
            {
                encoder.Write(delta, output);
                var flushed = await output.FlushAsync(cancellationToken);
                if (flushed.IsCompleted)
                {
                    return;
                }

                await Task.Delay(profile.PerChunk, time, cancellationToken);
            }

            encoder.Write(new UsageDelta(answer.Usage!.Value), output);
            encoder.Write(new FinishDelta(answer.FinishReason), output);
            encoder.Write(EndDelta.Instance, output);
            await output.FlushAsync(cancellationToken);
        }
        catch (OperationCanceledException canceled)
        {
            failure = canceled;
        }
        finally
        {
            await output.CompleteAsync(failure);
        }
    }

    private static HttpResponseMessage Refuse(IWireFormat format, HttpRequestMessage request)
    {
        var error = new GatewayError(GatewayErrorKind.RateLimited, "Simulated: this provider is busy for a moment.", 429);
        var output = new ArrayBufferWriter<byte>();
        format.Errors.Write(error, null, output);
        var reply = Reply(request, HttpStatusCode.TooManyRequests, new ReadOnlyMemoryContent(output.WrittenMemory), "application/json");
        reply.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(1));
        return reply;
    }

    private static HttpResponseMessage Reply(HttpRequestMessage request, HttpStatusCode status, HttpContent content, string mediaType)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpResponseMessage(status) { Content = content, RequestMessage = request, Version = HttpVersion.Version11 };
    }
}
