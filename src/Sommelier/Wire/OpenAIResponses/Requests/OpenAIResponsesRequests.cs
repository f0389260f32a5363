using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Requests: read in one pass for routing, spliced for pass-through, read and written whole for translation.</summary>
internal sealed class OpenAIResponsesRequests : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => ResponsesOutlineReader.Read(body);

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default) => ResponsesRequestReader.Read(body, plainTools: true);

    /// <inheritdoc/>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        ResponsesRequestWriter.Write(request, target, output, warnings);

    /// <summary>Not where a custom tool is offered as a function: its calls must be unwrapped.</summary>
    public bool CanForward(RequestOutline outline, WireTarget target) => !outline.CustomTools || target.Quirks.CustomTools;

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        ResponsesForwarder.Forward(body, outline, target, output, warnings);
}
