using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Upstream.InProcess;
using Sommelier.Wire;
using Sommelier.Wire.AnthropicMessages;
using Sommelier.Wire.OpenAIChat;
using Sommelier.Wire.OpenAIEmbeddings;

namespace Sommelier.Embedding;

/// <summary>Serves the requests of an <see cref="HttpClient"/> in this process, through the same pipeline as the HTTP edge.</summary>
internal sealed class GatewayHandler(GatewayHost host) : HttpMessageHandler
{
    private const string Controls = "x-sommelier-";

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri?.AbsolutePath ?? "";
        if (FormatOf(path) is not { } format)
        {
            return Refuse(request, OpenAIChatFormat.Instance, new(GatewayErrorKind.EndpointNotFound, $"There is no endpoint {path} here. There are: chat/completions, messages, embeddings.", 404));
        }

        if (request.Method != HttpMethod.Post)
        {
            return Refuse(request, format, new(GatewayErrorKind.MethodNotAllowed, $"{path} takes POST.", 405));
        }

        foreach (var (name, _) in request.Headers.NonValidated)
        {
            if (name.StartsWith(Controls, StringComparison.OrdinalIgnoreCase))
            {
                return Refuse(request, format, GatewayError.Invalid(name, "In process, controls go into the body's sommelier object, not into headers."));
            }
        }

        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        var exchange = new InProcessExchange(body, CallerHints.None);
        var call = new ChatCall { RequestId = host.NewRequestId(), Format = format, Endpoint = path, ApiKey = KeyOf(request.Headers) };
        var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var serving = ServeAsync(call, exchange, gone.Token);

        // The head is there with the first bytes. Whoever disposes the reply unread gives up the work on it.
        var watched = new WatchedContent(new ReplyStream(exchange), gone, serving);
        try
        {
            var read = await exchange.Reply.ReadAsync(cancellationToken);
            exchange.Reply.AdvanceTo(read.Buffer.Start);
        }
        catch
        {
            watched.Dispose();
            throw;
        }

        if (exchange.Head is not { } head)
        {
            watched.Dispose();
            throw new OperationCanceledException("The request was given up before it was answered.", cancellationToken);
        }

        return Reply(request, head, watched);
    }

    private async Task ServeAsync(ChatCall call, InProcessExchange exchange, CancellationToken cancellationToken)
    {
        Exception? broken = null;
        try
        {
            await host.Chat.RunAsync(call, exchange, cancellationToken);
        }
        catch (Exception error)
        {
            host.ReportInternal(call.RequestId, error);
            broken = error;
        }

        await exchange.Output.CompleteAsync(broken);
    }

    private static IWireFormat? FormatOf(string path) => path switch
    {
        _ when path.EndsWith("/chat/completions", StringComparison.Ordinal) => OpenAIChatFormat.Instance,
        _ when path.EndsWith("/messages", StringComparison.Ordinal) => AnthropicMessagesFormat.Instance,
        _ when path.EndsWith("/embeddings", StringComparison.Ordinal) => OpenAIEmbeddingsFormat.Instance,
        _ => null,
    };

    private static string? KeyOf(HttpRequestHeaders headers)
    {
        if (headers.Authorization is { Scheme: var scheme, Parameter: { } bearer } && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return bearer;
        }

        return headers.NonValidated.TryGetValues("x-api-key", out var values) ? values.ToString() : null;
    }

    private static HttpResponseMessage Refuse(HttpRequestMessage request, IWireFormat format, GatewayError error)
    {
        var output = new ArrayBufferWriter<byte>();
        format.Errors.Write(error, null, output);
        var content = new ReadOnlyMemoryContent(output.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return new HttpResponseMessage((HttpStatusCode)format.Errors.Status(error)) { Content = content, RequestMessage = request };
    }

    private static HttpResponseMessage Reply(HttpRequestMessage request, ReplyHead head, HttpContent content)
    {
        var reply = new HttpResponseMessage((HttpStatusCode)head.Status) { Content = content, RequestMessage = request };
        content.Headers.TryAddWithoutValidation("Content-Type", head.ContentType);
        content.Headers.ContentLength = head.ContentLength;
        Add("request-id", head.RequestId);
        Add("model", head.Model);
        Add("policy", head.Policy);
        Add("intent", head.Intent);
        Add("reason", head.Reason);
        Add("attempts", head.Attempts?.ToString(CultureInfo.InvariantCulture));
        if (head.DialectHeader is { } own)
        {
            reply.Headers.TryAddWithoutValidation(own.Key, own.Value);
        }

        foreach (var (name, value) in head.RateLimits ?? [])
        {
            reply.Headers.TryAddWithoutValidation(name, value);
        }

        if (head.RetryAfter is { } wait)
        {
            reply.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds)));
        }

        return reply;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                reply.Headers.TryAddWithoutValidation(Controls + name, value);
            }
        }
    }
}
