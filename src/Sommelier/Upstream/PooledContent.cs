using System.Net;

namespace Sommelier.Upstream;

/// <summary>A request body in pooled memory, which goes back once nobody sends it any more.</summary>
/// <remarks>
/// A call may be given up while its body is still being written: the memory is only returned when the last write has
/// ended and the content is disposed, or another request's bytes would go out on this connection.
/// </remarks>
internal sealed class PooledContent : HttpContent
{
    private readonly PooledBuffer body;
    private int users = 1;
    private int disposed;

    /// <summary>Takes over a body.</summary>
    public PooledContent(PooledBuffer body)
    {
        this.body = body;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
        Headers.ContentLength = body.Length;
    }

    /// <summary>The bytes, for a signature over them.</summary>
    public ReadOnlyMemory<byte> Body => body.Memory;

    /// <summary>Whether all of it has gone out: the vendor may be at work, and may bill.</summary>
    public bool Sent { get; private set; }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(!Enter(), this);
        try
        {
            await stream.WriteAsync(body.Memory, cancellationToken);
            Sent = true;
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref disposed, 1) == 0)
        {
            Leave();
        }

        base.Dispose(disposing);
    }

    private bool Enter()
    {
        while (true)
        {
            var seen = Volatile.Read(ref users);
            if (seen == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref users, seen + 1, seen) == seen)
            {
                return true;
            }
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            body.Dispose();
        }
    }
}
