using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Guards;

/// <summary>A relay of one stream, with <see cref="BrokenText"/> told as the vendor's failure.</summary>
internal sealed class GuardedRelay(StreamRelay inner) : StreamRelay
{
    /// <inheritdoc/>
    public override AnswerFacts Facts => inner.Facts;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        try
        {
            inner.Relay(chunk, output);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Answer();
        }
        finally
        {
            Follow();
        }
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output)
    {
        try
        {
            inner.Complete(output);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Answer();
        }
        finally
        {
            Follow();
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => inner.WriteError(error, output);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Follow() => (HasContent, Ended, Failure) = (inner.HasContent, inner.Ended, inner.Failure);
}
