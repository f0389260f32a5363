using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Guards;

/// <summary>Requests of a format, with <see cref="BrokenText"/> told as the caller's error.</summary>
internal sealed class GuardedRequests(IRequestWire inner) : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default)
    {
        try
        {
            return inner.Outline(body, path);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Request();
        }
    }

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default)
    {
        try
        {
            return inner.Read(body, path);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Request();
        }
    }

    /// <inheritdoc/>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        try
        {
            // A schema or an opaque piece is looked into only now.
            inner.Write(request, target, output, warnings);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Request();
        }
    }

    /// <inheritdoc/>
    public bool CanForward(RequestOutline outline, WireTarget target) => inner.CanForward(outline, target);

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        try
        {
            inner.Forward(body, outline, target, output, warnings);
        }
        catch (InvalidOperationException error) when (error is not ObjectDisposedException)
        {
            throw BrokenText.Request();
        }
    }
}
