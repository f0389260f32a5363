using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.BedrockConverse;

/// <inheritdoc cref="IRequestWire"/>
internal sealed class ConverseRequests : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => ConverseOutlineReader.Read(body, path);

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default) => ConverseRequestReader.Read(body, path);

    /// <inheritdoc/>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        ConverseRequestWriter.Write(request, target, output, warnings);

    /// <summary>Not where a schema is emulated with a tool, whose call must be turned back into text.</summary>
    public bool CanForward(RequestOutline outline, WireTarget target) =>
        outline.ResponseFormat != ResponseFormatKind.JsonSchema || target.Quirks.AsksSchema;

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        ConverseForward.Write(body, outline, target, output, warnings);
}
