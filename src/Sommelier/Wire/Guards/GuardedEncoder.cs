using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Guards;

/// <summary>A writer of one stream, with <see cref="BrokenText"/> in an opaque step told as the vendor's failure.</summary>
internal sealed class GuardedEncoder(StreamEncoder inner) : StreamEncoder
{
    /// <inheritdoc/>
    public override IReadOnlyList<Warning> Warnings => inner.Warnings;

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        try
        {
            inner.Write(delta, output);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Answer();
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => inner.WriteError(error, output);
}
