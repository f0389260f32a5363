using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>What the target's quirks change inside the messages of a request that is passed on.</summary>
internal static class MessageEdits
{
    /// <summary>Adds the changes; does nothing when the outline tells that none is needed.</summary>
    public static void Add(
        ReadOnlySpan<byte> body, BodyMember messages, OutlineFlags flags, WireQuirks quirks, JsonEdits edits, ICollection<Warning> warnings)
    {
        var roles = !quirks.DeveloperRole && flags.HasFlag(OutlineFlags.Developer);
        var thinking = flags.HasFlag(OutlineFlags.Reasoning) || (quirks.ReasoningReplayRequired && flags.HasFlag(OutlineFlags.Assistant));
        if (!roles && !thinking)
        {
            return;
        }

        var reader = new Utf8JsonReader(body[messages.ValueStart..messages.End], JsonLimits.Reader);
        var members = new List<BodyMember>(6);
        reader.Read();
        for (var index = 0; reader.Read() && reader.TokenType == JsonTokenType.StartObject; index++)
        {
            Collect(ref reader, messages.ValueStart, members);
            Edit(body, index, members, quirks, edits, warnings);
        }
    }

    private static void Collect(ref Utf8JsonReader reader, int offset, List<BodyMember> members)
    {
        members.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueTextEquals("role"u8) ? "role"
                : reader.ValueTextEquals("reasoning_content"u8) ? "reasoning_content"
                : reader.ValueTextEquals("reasoning"u8) ? "reasoning"
                : reader.ValueTextEquals("reasoning_details"u8) ? "reasoning_details"
                : "";
            var start = offset + (int)reader.TokenStartIndex;
            reader.Read();
            var value = offset + (int)reader.TokenStartIndex;
            reader.Skip();
            members.Add(new BodyMember(name, start, value, offset + (int)reader.BytesConsumed));
        }
    }

    private static void Edit(
        ReadOnlySpan<byte> body, int index, List<BodyMember> members, WireQuirks quirks, JsonEdits edits, ICollection<Warning> warnings)
    {
        // Thinking cannot be the only member: a role stands beside it.
        var cut = new bool[members.Count];
        var (content, text, details) = (-1, -1, -1);
        var isAssistant = false;
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            var value = body[member.ValueStart..member.End];
            switch (member.Name)
            {
                case "role":
                    isAssistant = value.SequenceEqual("\"assistant\""u8);
                    if (!quirks.DeveloperRole && value.SequenceEqual("\"developer\""u8))
                    {
                        edits.Replace(member.ValueStart, member.End, "\"system\""u8.ToArray());
                    }

                    break;
                case "reasoning_content" or "reasoning" or "reasoning_details" when value.SequenceEqual("null"u8):
                    cut[i] = true;
                    break;
                case "reasoning_content":
                    content = i;
                    break;
                case "reasoning":
                    text = i;
                    break;
                case "reasoning_details":
                    details = i;
                    break;
            }
        }

        Thinking(index, members, cut, (content, text, details), isAssistant, quirks, edits, warnings);
        edits.CutMembers(members, cut);
    }

    private static void Thinking(
        int index, List<BodyMember> members, bool[] cut, (int Content, int Text, int Details) at, bool isAssistant, WireQuirks quirks,
        JsonEdits edits, ICollection<Warning> warnings)
    {
        var field = quirks.ReasoningReplayField;
        var spelling = at.Content >= 0 ? at.Content : at.Text;
        var kept = field switch
        {
            "reasoning_content" => spelling,
            "reasoning" => at.Text >= 0 ? at.Text : at.Content,
            "reasoning_details" => at.Details >= 0 ? at.Details : at.Text >= 0 ? at.Text : at.Content,
            _ => -1,
        };

        foreach (var i in (ReadOnlySpan<int>)[at.Content, at.Text, at.Details])
        {
            if (i >= 0 && i != kept)
            {
                cut[i] = true;
            }
        }

        if (kept >= 0)
        {
            // OpenRouter, whose field is the detailed one, takes plain text as "reasoning".
            var name = kept == at.Details ? "reasoning_details" : field is "reasoning_details" ? "reasoning" : field!;
            if (!string.Equals(members[kept].Name, name, StringComparison.Ordinal))
            {
                edits.Replace(members[kept].Start, members[kept].ValueStart, Encoding.UTF8.GetBytes($"\"{name}\":"));
            }

            return;
        }

        if (spelling >= 0 || at.Details >= 0)
        {
            warnings.Add(new Warning(
                "dropped", $"messages[{index}].{members[spelling >= 0 ? spelling : at.Details].Name}", "the model does not take its thinking back"));
        }

        if (quirks.ReasoningReplayRequired && isAssistant && field is not null)
        {
            edits.Insert(members[0].Start, Encoding.UTF8.GetBytes($"\"{field}\":\"\","));
        }
    }
}
