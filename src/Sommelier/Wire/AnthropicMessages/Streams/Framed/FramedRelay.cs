using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Passes a stream in Bedrock's frames on to a caller of Anthropic's dialect, without the frames.</summary>
internal sealed class FramedRelay(StreamRelay inner) : StreamRelay
{
    private readonly FramedEvents frames = new();

    /// <inheritdoc/>
    public override AnswerFacts Facts => inner.Facts;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        inner.Relay(frames.Read(chunk), output);
        Follow();
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output)
    {
        inner.Complete(output);
        Follow();
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => inner.WriteError(error, output);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            frames.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Follow() => (HasContent, Ended, Failure) = (inner.HasContent, inner.Ended, inner.Failure ?? frames.Failure);
}
