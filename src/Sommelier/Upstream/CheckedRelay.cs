using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>Passes a stream of the caller's own format on as it is, while its form is checked.</summary>
/// <remarks>
/// Each line is read before it is passed on: what stands behind a wrong answer, its finish reason above all, is not told.
/// Some formats say only at the very end that no more text follows; from their finish reason on all is held back until then.
/// Where several answers are made, only the first is read. An answer that turns out to stand in a code fence is not passed on
/// but written anew from there, without the fence; several lose their fences on the way.
/// </remarks>
/// <param name="relay">Passes the bytes on.</param>
/// <param name="decoder">Reads them.</param>
/// <param name="form">Checks what was read.</param>
/// <param name="call">What the caller asked for.</param>
/// <param name="createEncoder">Makes a writer of the caller's stream.</param>
/// <param name="fences">Takes the fences off several answers; null where there is one.</param>
internal sealed class CheckedRelay(StreamRelay relay, StreamDecoder decoder, StreamedForm form, InboundCall call, Func<StreamEncoder> createEncoder, ChoiceFences? fences = null) : StreamRelay
{
    private readonly List<ChatDelta> steps = [];
    private readonly PooledBuffer held = new();

    // What the held bytes say, and what those before them said: a writer that takes over must know both.
    private readonly List<ChatDelta> waiting = [];
    private readonly List<ChatDelta> passed = [];
    private StreamEncoder? encoder;

    /// <inheritdoc/>
    public override AnswerFacts Facts => relay.Facts;

    /// <inheritdoc/>
    public override IReadOnlyList<Warning> Warnings => encoder is not null ? [.. encoder.Warnings, AnswerForm.FenceTaken(call.Format)]
        : fences is { IsTaken: true } ? [.. relay.Warnings, AnswerForm.FenceTaken(call.Format)]
        : relay.Warnings;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        if (fences is null)
        {
            Read(chunk, output);
            return;
        }

        using var unfenced = new PooledBuffer();
        fences.Pass(chunk, unfenced);
        Read(unfenced.Span, output);
    }

    private void Read(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
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
        if (fences is not null)
        {
            using var rest = new PooledBuffer();
            fences.Complete(rest);
            Read(rest.Span, output);
        }

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
            fences?.Dispose();
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
            Failure ??= form.Take(step, waiting);
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
            waiting.Clear();
        }
        else if (form.IsFenced)
        {
            held.Clear();
            Write(output);
        }
        else if (!form.IsUndecided && MayTell)
        {
            output.Write(held.Span);
            held.Clear();
            Keep();
        }

        HasContent |= relay.HasContent && held.Length == 0 && (!form.WaitsForText || form.HasBegun || form.IsJudged);
        Ended = relay.Ended && (Failure is not null || form.IsJudged);
    }

    private bool MayTell => relay.Facts.FinishReason is null || form.IsJudged;

    // Only text decides whether there is a fence; until then it may come.
    private void Keep()
    {
        if (form.IsJudged || form.HasBegun)
        {
            passed.Clear();
        }
        else
        {
            passed.AddRange(waiting);
        }

        waiting.Clear();
    }

    private void Write(IBufferWriter<byte> output)
    {
        if (encoder is null)
        {
            encoder = createEncoder();
            using var known = new PooledBuffer();
            foreach (var step in passed)
            {
                encoder.Write(step, known);
            }

            passed.Clear();
        }

        if (MayTell)
        {
            foreach (var step in waiting)
            {
                encoder.Write(step, output);
            }

            waiting.Clear();
        }
    }
}
