using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <inheritdoc cref="IRequestWire"/>
internal sealed class AnthropicRequests : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => AnthropicOutlineReader.Read(body, demandMaxTokens: true);

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default) => AnthropicRequestReader.Read(body);

    /// <inheritdoc/>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        AnthropicRequestWriter.Write(request, target, output, warnings);

    /// <inheritdoc/>
    public bool CanForward(RequestOutline outline, WireTarget target) => AnthropicForward.Can(outline, target);

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        AnthropicForward.Write(body, outline, target, output, warnings);
}
