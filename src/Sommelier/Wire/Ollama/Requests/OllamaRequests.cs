using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Ollama;

/// <inheritdoc cref="IRequestWire"/>
internal sealed class OllamaRequests(OllamaShape shape) : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => OllamaOutlineReader.Read(body, shape);

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default) => OllamaRequestReader.Read(body, shape);

    /// <inheritdoc/>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        OllamaRequestWriter.Write(request, target, shape, output, warnings);

    /// <inheritdoc/>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var edits = new JsonEdits();
        var members = outline.Members;
        Span<bool> cut = members.Count <= 64 ? stackalloc bool[members.Count] : new bool[members.Count];
        for (var i = 0; i < cut.Length; i++)
        {
            cut[i] = members[i].Name is CallerHintsReader.Member;
            if (members[i].Name is "model")
            {
                edits.Replace(members[i].ValueStart, members[i].End, JsonBytes.Quoted(target.Model));
            }
        }

        edits.CutMembers(members, cut);
        edits.Apply(body.Span, output);
    }
}
