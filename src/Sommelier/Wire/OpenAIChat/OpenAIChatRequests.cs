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

    /// <summary>Not where a custom tool is offered as a function, nor where older functions are offered as tools: their calls must be turned back.</summary>
    public bool CanForward(RequestOutline outline, WireTarget target) =>
        (!outline.CustomTools || target.Quirks.CustomTools) && !(target.Quirks.Unsupported.Contains("functions") && outline.Member("functions") is not null);

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        Forwarder.Forward(body, outline, target, output, warnings);
}
