using Sommelier.Canonical;

namespace Sommelier.Wire.Guards;

/// <summary>A reader of one stream, with <see cref="BrokenText"/> told as the vendor's failure.</summary>
internal sealed class GuardedDecoder(StreamDecoder inner) : StreamDecoder
{
    /// <inheritdoc/>
    public override string? RunningTask => inner.RunningTask;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        try
        {
            inner.Decode(chunk, output);
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
    public override void Complete(ICollection<ChatDelta> output)
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
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Follow() => (Ended, WebSearches) = (inner.Ended, inner.WebSearches);
}
