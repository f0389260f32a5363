using System.Buffers;
using System.IO.Pipelines;

namespace Sommelier.Gateway.Kept;

/// <summary>Writes an answer to a caller, copies it, and has it kept before its end goes out: the next request may name it at once.</summary>
/// <param name="inner">The caller's.</param>
/// <param name="streamed">Whether the answer is a stream of events.</param>
/// <param name="keep">Keeps what was written so far; false when it is not a whole answer yet. Never throws.</param>
internal sealed class KeepingWriter(PipeWriter inner, bool streamed, Func<ReadOnlyMemory<byte>, ValueTask<bool>> keep) : PipeWriter
{
    // An answer larger than this is sent, but not kept.
    private const int Most = 64 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> copy = new();
    private Memory<byte> lent;
    private int seen;
    private bool done;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => inner.UnflushedBytes;

    /// <inheritdoc/>
    public override void Advance(int bytes)
    {
        done |= copy.WrittenCount + (long)bytes > Most;
        if (!done)
        {
            copy.Write(lent.Span[..bytes]);
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
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (!done && copy.WrittenCount > seen && MayBeWhole(copy.WrittenSpan[seen..]))
        {
            done = await keep(copy.WrittenMemory);
        }

        seen = copy.WrittenCount;
        return await inner.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    // Whole events are flushed, so the last one is never cut.
    private bool MayBeWhole(ReadOnlySpan<byte> fresh) =>
        !streamed || fresh.IndexOf("response.completed\""u8) >= 0 || fresh.IndexOf("response.incomplete\""u8) >= 0;
}
