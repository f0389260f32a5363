using System.Buffers;
using System.IO.Pipelines;
using Sommelier.Upstream;

namespace Sommelier.Gateway;

/// <summary>Writes an answer to a caller and copies it, as long as it is not larger than is wanted.</summary>
/// <param name="inner">The caller's.</param>
/// <param name="most">An answer of more bytes than this is sent, but not copied.</param>
// Whoever writes an answer does not own its writer: the copy goes back when End is called.
#pragma warning disable CA1001
internal class CopyingWriter(PipeWriter inner, int most) : PipeWriter
#pragma warning restore CA1001
{
    private Memory<byte> lent;

    /// <summary>What was written so far, or since it was cleared; empty once it has ended.</summary>
    public PooledBuffer Copy { get; } = new();

    /// <summary>Whether nothing is copied any more.</summary>
    public bool Ended { get; private set; }

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <summary>Gives the copy's memory back; may be called twice.</summary>
    public void End()
    {
        Ended = true;
        Copy.Dispose();
    }

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        if (!Ended && Copy.Length + (long)bytes > most)
        {
            End();
        }

        if (!Ended)
        {
            Copy.Write(lent.Span[..bytes]);
        }

        // Several advances may follow one request for memory.
        lent = lent[bytes..];
        inner.Advance(bytes);
    }

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => lent = inner.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        End();
        inner.Complete(exception);
    }
}
