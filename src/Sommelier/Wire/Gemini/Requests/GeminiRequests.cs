using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <inheritdoc cref="IRequestWire"/>
internal sealed class GeminiRequests : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => GeminiOutlineReader.Read(body, path);

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default) => GeminiRequestReader.Read(body, path);

    /// <inheritdoc/>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        GeminiRequestWriter.Write(request, target, output, warnings);

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        GeminiForward.Write(body, outline, target, output, warnings);
}
