using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>
/// Forwards a request of this format: the bytes as they came, with the model replaced, the <c>sommelier</c> object and the
/// id of an answer that the gateway kept cut out, and what the target's quirks demand changed in place.
/// </summary>
internal ref struct ResponsesForwarder
{
    private readonly ReadOnlySpan<byte> body;
    private readonly RequestOutline outline;
    private readonly WireTarget target;
    private readonly WireQuirks quirks;
    private readonly ICollection<Warning> warnings;
    private readonly JsonEdits edits = new();
    private readonly MemberEdits members;

    private ResponsesForwarder(ReadOnlySpan<byte> body, RequestOutline outline, WireTarget target, ICollection<Warning> warnings)
    {
        this.body = body;
        this.outline = outline;
        this.target = target;
        this.warnings = warnings;
        quirks = target.Quirks;
        members = new(body, outline, target, edits, warnings);
    }

    /// <inheritdoc cref="IRequestWire.Forward"/>
    public static void Forward(ReadOnlyMemory<byte> whole, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var body = whole.Span;
        if (CanonicalWay.IsNeeded(body, outline, target.Quirks))
        {
            ResponsesRequestWriter.Write(ResponsesRequestReader.Read(whole, plainTools: !target.Quirks.CustomTools), target, output, warnings);
            return;
        }

        var forwarder = new ResponsesForwarder(body, outline, target, warnings);
        Span<bool> cut = stackalloc bool[JsonLimits.MaxTopLevelFields];
        cut = cut[..outline.Members.Count];
        for (var i = 0; i < cut.Length; i++)
        {
            cut[i] = !forwarder.Keep(outline.Members[i]);
        }

        forwarder.edits.CutMembers(outline.Members, cut);
        forwarder.edits.Apply(body, output);
    }

    // False takes the member out.
    private readonly bool Keep(BodyMember member)
    {
        switch (member.Name)
        {
            case CallerHintsReader.Member or "previous_response_id":
                return false;
            case "model":
                edits.Replace(member.ValueStart, member.End, JsonBytes.Quoted(target.Model));
                return true;
            case "input":
                ResponsesItemEdits.Add(body, member, (ResponsesOutlineFlags)outline.FormatFlags, edits, warnings);
                return true;
            case "reasoning" when !quirks.Unsupported.Contains(member.Name):
                return KeepReasoning(member);
            case "text":
                InnerMembers.Cut(members.Value(member), member.ValueStart, member.Name, quirks, edits, warnings);
                return true;
            default:
                return members.Keep(member);
        }
    }

    // What stands beside the effort goes with it; how much of the thinking is shown means nothing without any.
    private readonly void TellRest(BodyMember member)
    {
        var reader = new Utf8JsonReader(body[member.ValueStart..member.End], JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("effort"u8) && !reader.ValueTextEquals("summary"u8) && !reader.ValueTextEquals("generate_summary"u8))
            {
                warnings.Add(new Warning("dropped", $"reasoning.{JsonText.Tolerant(ref reader)}", "the model cannot be told how to think"));
            }

            reader.Read();
            reader.Skip();
        }
    }

    private readonly bool KeepReasoning(BodyMember member)
    {
        if (outline.ReasoningEffort is not { } effort)
        {
            InnerMembers.Cut(members.Value(member), member.ValueStart, member.Name, quirks, edits, warnings);
            return true;
        }

        if (quirks.Reasoning == ReasoningKnob.None)
        {
            if (effort != ReasoningEffort.None)
            {
                warnings.Add(new Warning("dropped", "reasoning.effort", "the model cannot be told how much to think"));
            }

            TellRest(member);
            return false;
        }

        InnerMembers.Cut(members.Value(member), member.ValueStart, member.Name, quirks, edits, warnings);
        var known = ReasoningKnobs.Nearest(effort, "reasoning.effort", target, warnings);
        if (known != effort)
        {
            ReplaceEffort(member, known);
        }

        return true;
    }

    private readonly void ReplaceEffort(BodyMember member, ReasoningEffort known)
    {
        var reader = new Utf8JsonReader(members.Value(member), JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEffort = reader.ValueTextEquals("effort"u8);
            reader.Read();
            if (isEffort)
            {
                edits.Replace(member.ValueStart + (int)reader.TokenStartIndex, member.ValueStart + (int)reader.BytesConsumed, JsonBytes.Quoted(OpenAIWords.Effort(known)));
            }

            reader.Skip();
        }
    }
}
