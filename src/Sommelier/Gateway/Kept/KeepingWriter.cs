using System.IO.Pipelines;

namespace Sommelier.Gateway.Kept;

/// <summary>Writes an answer to a caller, copies it, and has it kept before its end goes out: the next request may name it at once.</summary>
/// <remarks>Of a stream only the last event is wanted, which holds the whole answer: what is flushed before it is not copied on.</remarks>
/// <param name="inner">The caller's.</param>
/// <param name="streamed">Whether the answer is a stream of events.</param>
/// <param name="keep">Keeps a whole answer, or the events in which a stream ends; false when they are none. Never throws.</param>
internal sealed class KeepingWriter(PipeWriter inner, bool streamed, Func<ReadOnlyMemory<byte>, ValueTask<bool>> keep) : CopyingWriter(inner, Most)
{
    // An answer larger than this is sent, but not kept.
    private const int Most = 64 * 1024 * 1024;

    private int seen;

    /// <inheritdoc/>
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (!Ended && Copy.Length > seen && MayBeWhole(Copy.Span) && await keep(Copy.Memory))
        {
            End();
        }

        if (streamed)
        {
            Copy.Clear();
        }

        seen = Copy.Length;
        return await base.FlushAsync(cancellationToken);
    }

    // Whole events are flushed, so the last one is never cut.
    private bool MayBeWhole(ReadOnlySpan<byte> fresh) =>
        !streamed || fresh.IndexOf("response.completed\""u8) >= 0 || fresh.IndexOf("response.incomplete\""u8) >= 0;
}
