using System.Buffers;
using System.IO.Pipelines;
using Sommelier.Upstream;

namespace Sommelier.Gateway.Kept;

/// <summary>Writes an answer to a caller, copies it, and has it kept before its end goes out: the next request may name it at once.</summary>
/// <remarks>Of a stream only the last event is wanted, which holds the whole answer: what is flushed before it is not copied on.</remarks>
/// <param name="inner">The caller's.</param>
/// <param name="streamed">Whether the answer is a stream of events.</param>
/// <param name="keep">Keeps a whole answer, or the events in which a stream ends; false when they are none. Never throws.</param>
// Whoever writes an answer does not own its writer: the copy goes back once the answer is kept, or with its caller.
#pragma warning disable CA1001
internal sealed class KeepingWriter(PipeWriter inner, bool streamed, Func<ReadOnlyMemory<byte>, ValueTask<bool>> keep) : PipeWriter
#pragma warning restore CA1001
{
    // An answer larger than this is sent, but not kept.
    private const int Most = 64 * 1024 * 1024;

    private readonly PooledBuffer copy = new();
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
        if (!done && copy.Length + (long)bytes > Most)
        {
            End();
        }

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
        if (!done && copy.Length > seen && MayBeWhole(copy.Span) && await keep(copy.Memory))
        {
            End();
        }

        if (streamed)
        {
            copy.Clear();
        }

        seen = copy.Length;
        return await inner.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        End();
        inner.Complete(exception);
    }

    private void End()
    {
        done = true;
        copy.Dispose();
    }

    // Whole events are flushed, so the last one is never cut.
    private bool MayBeWhole(ReadOnlySpan<byte> fresh) =>
        !streamed || fresh.IndexOf("response.completed\""u8) >= 0 || fresh.IndexOf("response.incomplete\""u8) >= 0;
}
