using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What a target's quirks change at the members of a body that OpenAI's formats have in common. Whether a member stays is the answer of each.</summary>
internal readonly ref struct MemberEdits(ReadOnlySpan<byte> body, RequestOutline outline, WireTarget target, JsonEdits edits, ICollection<Warning> warnings)
{
    private readonly ReadOnlySpan<byte> body = body;
    private readonly WireQuirks quirks = target.Quirks;

    /// <summary>Edits a member as far as its name alone tells; true where the format's own rules may look at it still.</summary>
    public bool Keep(BodyMember member)
    {
        if (quirks.Unsupported.Contains(member.Name))
        {
            return Drop(member);
        }

        if (quirks.Renamed.TryGetValue(member.Name, out var name))
        {
            return Rename(member, name);
        }

        if (string.Equals(member.Name, "temperature", StringComparison.Ordinal))
        {
            Clamp(member);
        }
        else if (string.Equals(member.Name, "tool_choice", StringComparison.Ordinal))
        {
            return KeepToolChoice(member);
        }

        return true;
    }

    /// <summary>A member's value as it came.</summary>
    public ReadOnlySpan<byte> Value(BodyMember member) => body[member.ValueStart..member.End];

    /// <summary>Takes a member out, with a warning unless it says what goes without saying.</summary>
    public bool Drop(BodyMember member)
    {
        if (!UsualValues.Holds(member.Name, Value(member)))
        {
            warnings.Add(new Warning("dropped", member.Name, "the model does not support it"));
        }

        return false;
    }

    /// <summary>Gives a member the name that the target has for it; takes it out where that one is there too.</summary>
    public bool Rename(BodyMember member, string name)
    {
        if (outline.Member(name) is not null)
        {
            return false;
        }

        edits.Replace(member.Start, member.ValueStart, Encoding.UTF8.GetBytes($"\"{name}\":"));
        return true;
    }

    private void Clamp(BodyMember member)
    {
        if (Utf8Parser.TryParse(Value(member), out double temperature, out _) && temperature > quirks.MaxTemperature)
        {
            var most = quirks.MaxTemperature.ToString(CultureInfo.InvariantCulture);
            edits.Replace(member.ValueStart, member.End, Encoding.UTF8.GetBytes(most));
            warnings.Add(new Warning("clamped", member.Name, $"the model takes at most {most}"));
        }
    }

    private bool KeepToolChoice(BodyMember member)
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
}
