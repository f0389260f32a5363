using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.AI;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Upstream.InProcess;

/// <summary>
/// Stands where the network stands and answers the requests of the provider <c>in-process</c> with the chat clients of the
/// embedding program; everybody else's requests go on to the network.
/// </summary>
/// <remarks>
/// What is above it is the same for every provider: wire formats, attempts, fallback, prices, cancellation. A client's
/// exception before its first update is an error reply of the status that it tells of, a later one an error in the stream.
/// </remarks>
internal sealed class ChatClientHandler(IReadOnlyDictionary<string, IChatClient> clients, HttpMessageHandler network, TimeProvider time) : DelegatingHandler(network)
{
    private static readonly OpenAIChatFormat Format = OpenAIChatFormat.Instance;

    private long answers;

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        string.Equals(request.RequestUri?.Host, Providers.InProcess.Host, StringComparison.Ordinal)
            ? AnswerAsync(request, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = Format.Requests.Read(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        if (!clients.TryGetValue(asked.OriginalModel, out var client))
        {
            return Refuse(request, new(GatewayErrorKind.ModelNotFound, $"No chat client is registered as '{asked.OriginalModel}'. Add it to EmbeddedGatewayOptions.ChatClients.", 404));
        }

        var context = new ReplyContext
        {
            FallbackId = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{time.GetUtcNow().ToUnixTimeMilliseconds()}-{Interlocked.Increment(ref answers)}"),
            Model = asked.OriginalModel,
            Created = time.GetUtcNow(),
            StreamUsage = asked.StreamUsage,
        };
        try
        {
            var messages = ChatClientRequest.Messages(asked);
            var options = ChatClientRequest.Options(asked);
            return asked.Stream
                ? await StreamAsync(request, client, messages, options, context, cancellationToken)
                : Reply(request, Whole(await client.GetResponseAsync(messages, options, cancellationToken), context), "application/json");
        }
        catch (WireException wrong)
        {
            return Refuse(request, wrong.Error);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && ChatClientFailure.Of(error) is not null)
        {
            return Refuse(request, ChatClientFailure.Of(error)!);
        }
    }

    private static ReadOnlyMemoryContent Whole(Microsoft.Extensions.AI.ChatResponse response, ReplyContext context)
    {
        var collector = new StepCollector();
        var steps = new List<ChatDelta>();
        var updates = new ChatClientUpdates(steps);
        foreach (var update in response.ToChatResponseUpdates())
        {
            updates.Add(update);
        }

        updates.End();
        foreach (var step in steps)
        {
            collector.Add(step);
        }

        if (collector.Failure is { } failure)
        {
            throw new UpstreamException(failure);
        }

        var output = new ArrayBufferWriter<byte>();
        if (collector.Answer() is { } answer)
        {
            Format.Responses.Write(WithImages(answer), context, output, []);
        }
        else
        {
            // That nothing was said, the attempt loop tells by itself.
            output.Write("{\"choices\":[]}"u8);
        }

        return new(output.WrittenMemory);
    }

    // A stream hands out images in the deltas of its message, a whole answer in the message.
    private static Canonical.ChatResponse WithImages(Canonical.ChatResponse answer)
    {
        var images = answer.Parts.OfType<OpaquePart>().Select(static part => part.Json[1..^1]).ToList();
        return images.Count == 0 ? answer : answer with
        {
            Parts = [.. answer.Parts.Where(static part => part is not OpaquePart)],
            Extra = new(OpenAIChatFormat.FormatName, [new("message.images", $"[{string.Join(',', images)}]")]),
        };
    }

    // The first update is waited for before there is a reply: until then a failure can still have a status.
    private static async Task<HttpResponseMessage> StreamAsync(
        HttpRequestMessage request, IChatClient client, IReadOnlyList<ChatMessage> messages, ChatOptions options, ReplyContext context, CancellationToken cancellationToken)
    {
        var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var updates = client.GetStreamingResponseAsync(messages, options, gone.Token).GetAsyncEnumerator(gone.Token);
        try
        {
            var any = await updates.MoveNextAsync();
            var pipe = new Pipe();
            var writing = ChatClientStream.WriteAsync(updates, any, Format.Streams.CreateEncoder(context), pipe.Writer, gone.Token);
            return Reply(request, new WatchedContent(pipe.Reader.AsStream(), gone, writing), Format.Streams.ContentType);
        }
        catch
        {
            await updates.DisposeAsync();
            gone.Dispose();
            throw;
        }
    }

    private static HttpResponseMessage Refuse(HttpRequestMessage request, GatewayError error)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.Errors.Write(error, null, output);
        var reply = Reply(request, new ReadOnlyMemoryContent(output.WrittenMemory), "application/json");
        reply.StatusCode = (HttpStatusCode)error.Status;
        return reply;
    }

    private static HttpResponseMessage Reply(HttpRequestMessage request, HttpContent content, string mediaType)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request, Version = HttpVersion.Version11 };
    }
}
