using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads a stream in Bedrock's frames.</summary>
internal sealed class FramedDecoder(StreamDecoder inner) : StreamDecoder
{
    private readonly FramedEvents frames = new();
    private bool told;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        inner.Decode(frames.Read(chunk), output);
        Follow();
        if (frames.Failure is { } failure && !told)
        {
            told = true;
            output.Add(new FailureDelta(failure));
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        inner.Complete(output);
        Follow();
    }

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

    private void Follow() => (Ended, WebSearches) = (inner.Ended, inner.WebSearches);
}
