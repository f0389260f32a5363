using System.Buffers;
using System.IO.Pipelines;
using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary>One HTTP request and its reply, as the pipeline sees them.</summary>
/// <remarks>The body is read into one pooled array, which goes back to the pool when the exchange is disposed.</remarks>
internal sealed class HttpExchange(HttpContext context) : IExchange, IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    // A stated length is a promise: memory beyond this is only taken for bytes that have come.
    private const int LargestFirstBuffer = 1024 * 1024;

    private byte[]? buffer;
    private ReadOnlyMemory<byte>? body;

    /// <inheritdoc/>
    public PipeWriter Output => context.Response.BodyWriter;

    /// <inheritdoc/>
    public CallerHints ReadHints() => HeaderHints.Read(context.Request.Headers);

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(long maxBytes, CancellationToken cancellationToken)
    {
        if (body is { } read)
        {
            return read;
        }

        var request = context.Request;
        if (ContentTypes.Problem(request) is { } problem)
        {
            throw new GatewayException(problem);
        }

        if (request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength ?? FirstBuffer, LargestFirstBuffer) + 1);
        var length = 0;
        try
        {
            while (await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken) is var more and > 0)
            {
                length += more;
                if (length > maxBytes)
                {
                    throw TooLarge(maxBytes);
                }

                if (length == buffer.Length)
                {
                    Grow();
                }
            }
        }
        catch (BadHttpRequestException failure)
        {
            throw new GatewayException(failure.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => TooLarge(maxBytes).Error,
                StatusCodes.Status408RequestTimeout => new(GatewayErrorKind.InvalidRequest, "The request body arrived too slowly. Send it faster, or raise server.limits.", 408),
                _ => GatewayError.Invalid(null, "The request body ended before its stated length."),
            });
        }

        body = buffer.AsMemory(0, length);
        return body.Value;
    }

    /// <inheritdoc/>
    public void Start(ReplyHead head)
    {
        var response = context.Response;
        response.StatusCode = head.Status;
        response.ContentType = head.ContentType;
        response.ContentLength = head.ContentLength;
        ReplyHeaders.Write(response.Headers, head);
    }

    /// <summary>Whether the reply broke off, so that the connection must not end as after a whole one.</summary>
    public bool Broken { get; private set; }

    /// <inheritdoc/>
    /// <remarks>Not at once: the server would throw away what the caller has not been sent yet, and with it the dialect's error event.</remarks>
    public void Abort() => Broken = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (buffer is { } lent)
        {
            buffer = null;
            ArrayPool<byte>.Shared.Return(lent);
        }
    }

    private static GatewayException TooLarge(long maxBytes) => new(new(
        GatewayErrorKind.RequestTooLarge,
        $"The request body is larger than {maxBytes} bytes. Send less, or raise server.limits.max_body_bytes.",
        StatusCodes.Status413PayloadTooLarge));

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer!.Length * 2L, Array.MaxLength));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
