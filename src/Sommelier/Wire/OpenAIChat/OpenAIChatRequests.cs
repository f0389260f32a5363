using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Requests: read in one pass for routing, spliced for pass-through, read and written whole for translation.</summary>
internal sealed class OpenAIChatRequests : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => OutlineReader.Read(body);

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default) => RequestReader.Read(body);

    /// <inheritdoc/>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        RequestWriter.Write(request, target, output, warnings);

    /// <summary>Not where the form of the answer is emulated, or a tool's: the answer must be read, to be checked or unwrapped.</summary>
    public bool CanForward(RequestOutline outline, WireTarget target) =>
        !CanonicalWay.EmulatesForm(outline, target.Quirks) && (!outline.CustomTools || target.Quirks.CustomTools);

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        Forwarder.Forward(body, outline, target, output, warnings);
}
