using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Wire.OpenAICompaction;

/// <summary>Requests: a part of those of the Responses API. They are passed on, or not made at all.</summary>
internal sealed class CompactionRequests : IRequestWire
{
    /// <inheritdoc/>
    public RequestOutline Outline(ReadOnlySpan<byte> body, CallPath path = default)
    {
        var outline = ResponsesOutlineReader.Read(body, kept: false);
        return outline.Stream ? throw WireException.Invalid("stream", "A compaction comes whole. Leave 'stream' out.") : outline;
    }

    /// <inheritdoc/>
    public ChatRequest Read(ReadOnlyMemory<byte> body, CallPath path = default) => OpenAIResponsesFormat.Instance.Requests.Read(body, path);

    /// <summary>Nobody meets it: what a compaction is to hold stands in the caller's own words only.</summary>
    public void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        throw new NotSupportedException($"'{OpenAICompactionFormat.FormatName}' serves its own callers only.");

    /// <summary>The bytes as they came, with the model replaced, and without our hints and the id of an answer that was written out.</summary>
    public void Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var edits = new JsonEdits();
        Span<bool> cut = stackalloc bool[JsonLimits.MaxTopLevelFields];
        cut = cut[..outline.Members.Count];
        for (var i = 0; i < cut.Length; i++)
        {
            var member = outline.Members[i];
            cut[i] = member.Name is CallerHintsReader.Member or ResponsesContinued.Member;
            if (member.Name is "model")
            {
                edits.Replace(member.ValueStart, member.End, JsonBytes.Quoted(target.Model));
            }
        }

        edits.CutMembers(outline.Members, cut);
        edits.Apply(body.Span, output);
    }
}
