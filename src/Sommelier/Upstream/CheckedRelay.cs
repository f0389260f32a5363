using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>Passes a stream of the caller's own format on as it is, while its form is checked.</summary>
/// <remarks>
/// Each line is read before it is passed on: what stands behind a wrong answer, its finish reason above all, is not told.
/// Some formats say only at the very end that no more text follows; from their finish reason on all is held back until then.
/// Where several answers are made, only the first is read.
/// </remarks>
/// <param name="relay">Passes the bytes on.</param>
/// <param name="decoder">Reads them.</param>
/// <param name="form">Checks what was read.</param>
internal sealed class CheckedRelay(StreamRelay relay, StreamDecoder decoder, StreamedForm form) : StreamRelay
{
    private readonly List<ChatDelta> steps = [];
    private readonly PooledBuffer held = new();

    /// <inheritdoc/>
    public override AnswerFacts Facts => relay.Facts;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        while (!chunk.IsEmpty)
        {
            var line = chunk[..(chunk.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : chunk.Length)];
            chunk = chunk[line.Length..];
            try
            {
                decoder.Decode(line, steps);
            }
            finally
            {
                Check();
                Pass(output, line);
            }
        }
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output)
    {
        try
        {
            decoder.Complete(steps);
        }
        finally
        {
            Check();
            Pass(output, []);
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => relay.WriteError(error, output);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            held.Dispose();
            relay.Dispose();
            decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check()
    {
        foreach (var step in steps)
        {
            Failure ??= form.Take(step);
        }

        steps.Clear();
    }

    // A line; the end of the stream where it is empty.
    private void Pass(IBufferWriter<byte> output, ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            relay.Complete(held);
        }
        else
        {
            relay.Relay(line, held);
        }

        Failure ??= relay.Failure;
        if (Failure is not null)
        {
            // What comes behind a refused answer is read all the same: the counts are the vendor's bill.
            held.Clear();
        }
        else if (relay.Facts.FinishReason is null || form.IsJudged)
        {
            output.Write(held.Span);
            held.Clear();
        }

        HasContent |= relay.HasContent && held.Length == 0;
        Ended = relay.Ended && (Failure is not null || form.IsJudged);
    }
}
