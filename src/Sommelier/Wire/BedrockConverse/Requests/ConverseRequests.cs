using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.BedrockConverse;

/// <inheritdoc cref="IRequestWire"/>
internal sealed class ConverseRequests : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default) => ConverseOutlineReader.Read(body, path);

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlySpan<byte> body, CallPath path = default) => ConverseRequestReader.Read(body, path);

    /// <inheritdoc/>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        ConverseRequestWriter.Write(request, target, output, warnings);

    /// <summary>Not where a schema is emulated with a tool, whose call must be turned back into text.</summary>
    public bool CanForward(RequestOutline outline, WireTarget target) =>
        outline.ResponseFormat != ResponseFormatKind.JsonSchema || target.Quirks.JsonSchema == JsonSchemaSupport.Native;

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        // Another vendor's thinking, and settings that the model refuses, stand inside members: rare, and then worth a rewrite.
        if (body.IndexOf(Seals.Mark) >= 0 || (target.Quirks.Unsupported.Count > 0 && (body.IndexOf("\"temperature\""u8) >= 0 || body.IndexOf("\"topP\""u8) >= 0 || body.IndexOf("\"top_k\""u8) >= 0)))
        {
            ConverseRequestWriter.Write(ConverseRequestReader.Read(body, new CallPath(outline.Model, outline.Stream)), target, output, warnings);
            return;
        }

        var edits = new JsonEdits();
        var members = outline.Members;
        Span<bool> cut = members.Count <= 64 ? stackalloc bool[members.Count] : new bool[members.Count];
        for (var i = 0; i < cut.Length; i++)
        {
            cut[i] = members[i].Name is CallerHintsReader.Member or "modelId";
        }

        edits.CutMembers(members, cut);
        edits.Apply(body, output);
    }
}
