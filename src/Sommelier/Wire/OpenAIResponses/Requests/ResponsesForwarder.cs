using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
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

    private ResponsesForwarder(ReadOnlySpan<byte> body, RequestOutline outline, WireTarget target, ICollection<Warning> warnings)
    {
        this.body = body;
        this.outline = outline;
        this.target = target;
        this.warnings = warnings;
        quirks = target.Quirks;
    }

    /// <inheritdoc cref="IRequestWire.Forward"/>
    public static void Forward(ReadOnlyMemory<byte> whole, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings)
    {
        var body = whole.Span;
        if (CanonicalWay.IsNeeded(body, outline, target.Quirks))
        {
            ResponsesRequestWriter.Write(ResponsesRequestReader.Read(whole), target, output, warnings);
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
        }

        if (quirks.Unsupported.Contains(member.Name))
        {
            return Drop(member);
        }

        if (quirks.Renamed.TryGetValue(member.Name, out var name))
        {
            return Rename(member, name);
        }

        switch (member.Name)
        {
            case "reasoning":
                return KeepReasoning(member);
            case "temperature":
                Clamp(member);
                return true;
            case "tool_choice":
                return KeepToolChoice(member);
            default:
                return true;
        }
    }

    private readonly ReadOnlySpan<byte> Value(BodyMember member) => body[member.ValueStart..member.End];

    private readonly bool Drop(BodyMember member)
    {
        if (!CanonicalWay.IsHarmless(member.Name, Value(member)))
        {
            warnings.Add(new Warning("dropped", member.Name, "the model does not support it"));
        }

        return false;
    }

    private readonly bool Rename(BodyMember member, string name)
    {
        if (outline.Member(name) is not null)
        {
            return false;
        }

        edits.Replace(member.Start, member.ValueStart, Encoding.UTF8.GetBytes($"\"{name}\":"));
        return true;
    }

    private readonly void Clamp(BodyMember member)
    {
        if (Utf8Parser.TryParse(Value(member), out double temperature, out _) && temperature > quirks.MaxTemperature)
        {
            var most = quirks.MaxTemperature.ToString(CultureInfo.InvariantCulture);
            edits.Replace(member.ValueStart, member.End, Encoding.UTF8.GetBytes(most));
            warnings.Add(new Warning("clamped", member.Name, $"the model takes at most {most}"));
        }
    }

    private readonly bool KeepToolChoice(BodyMember member)
    {
        if (!quirks.ToolChoice)
        {
            return Drop(member);
        }

        if (outline.ToolChoice == ToolChoiceMode.Required && body[member.ValueStart] == (byte)'"'
            && !Value(member)[1..^1].SequenceEqual(Encoding.UTF8.GetBytes(quirks.ToolChoiceRequired)))
        {
            edits.Replace(member.ValueStart, member.End, JsonBytes.Quoted(quirks.ToolChoiceRequired));
        }

        return true;
    }

    private readonly bool KeepReasoning(BodyMember member)
    {
        if (outline.ReasoningEffort is not { } effort)
        {
            return true;
        }

        if (quirks.Reasoning == ReasoningKnob.None)
        {
            if (effort != ReasoningEffort.None)
            {
                warnings.Add(new Warning("dropped", "reasoning.effort", "the model cannot be told how much to think"));
            }

            return false;
        }

        var known = ReasoningKnobs.Nearest(effort, "reasoning.effort", target, warnings);
        if (known != effort)
        {
            ReplaceEffort(member, known);
        }

        return true;
    }

    private readonly void ReplaceEffort(BodyMember member, ReasoningEffort known)
    {
        var reader = new Utf8JsonReader(Value(member), JsonLimits.Reader);
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
