using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Guards;

/// <summary>Whole answers of a format, with <see cref="BrokenText"/> told as the vendor's failure.</summary>
internal sealed class GuardedResponses(IResponseWire inner) : IResponseWire
{
    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        try
        {
            return inner.Read(body, quirks);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Answer();
        }
    }

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks)
    {
        try
        {
            return inner.Scan(body, quirks);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Answer();
        }
    }

    /// <inheritdoc/>
    public bool Fits(ReadOnlySpan<byte> body, RequestOutline outline)
    {
        try
        {
            return inner.Fits(body, outline);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Answer();
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte>? Restored(ReadOnlySpan<byte> body, ReplyContext context) => inner.Restored(body, context);

    /// <inheritdoc/>
    public void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        try
        {
            inner.Write(response, context, output, warnings);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Answer();
        }
    }
}
