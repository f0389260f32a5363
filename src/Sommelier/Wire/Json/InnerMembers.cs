using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Takes out of a request's objects the members that a target does not read (<see cref="WireQuirks.UnsupportedInside"/>), with a warning each.</summary>
internal static class InnerMembers
{
    /// <summary>Takes them out of an object; false when there is nothing to take out.</summary>
    /// <param name="json">The object; anything else has no members.</param>
    /// <param name="offset">Where it stands in the text that is edited.</param>
    /// <param name="path">Its name in the request.</param>
    /// <param name="quirks">What the target does not read.</param>
    /// <param name="edits">Takes the cuts.</param>
    /// <param name="warnings">Takes the losses.</param>
    public static bool Cut(ReadOnlySpan<byte> json, int offset, string path, WireQuirks quirks, JsonEdits edits, ICollection<Warning> warnings)
    {
        if (quirks.UnsupportedInside.Count == 0 || json[0] != (byte)'{')
        {
            return false;
        }

        var members = new List<BodyMember>();
        Span<bool> cut = stackalloc bool[JsonLimits.MaxTopLevelFields];
        var reader = new Utf8JsonReader(json, JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName && members.Count < cut.Length)
        {
            var (name, start) = ($"{path}.{JsonText.Tolerant(ref reader)}", (int)reader.TokenStartIndex);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            reader.Skip();
            cut[members.Count] = quirks.UnsupportedInside.Contains(name);
            members.Add(new(name, offset + start, offset + value, offset + (int)reader.BytesConsumed));
            if (cut[members.Count - 1])
            {
                Tell(name, json[value..(int)reader.BytesConsumed], warnings);
            }
        }

        cut = cut[..members.Count];
        edits.CutMembers(members, cut);
        return cut.Contains(true);
    }

    /// <summary>Extras of an object without them, and without what the target reads in no object at all.</summary>
    /// <param name="extra">The fields; null for none.</param>
    /// <param name="path">Where they stand, with a dot at its end; empty for the request itself, whose objects' members go by their path.</param>
    /// <param name="quirks">What the target does not read.</param>
    /// <param name="warnings">Takes the losses.</param>
    public static Extra? Without(Extra? extra, string path, WireQuirks quirks, ICollection<Warning> warnings)
    {
        if (extra is null || (quirks.UnsupportedInside.Count == 0 && quirks.Unsupported.Count == 0))
        {
            return extra;
        }

        var kept = new List<KeyValuePair<string, string>>(extra.Fields.Count);
        foreach (var (name, json) in extra.Fields)
        {
            if (quirks.Unsupported.Contains(path + name) || quirks.UnsupportedInside.Contains(path + name))
            {
                Tell(path + name, Encoding.UTF8.GetBytes(json), warnings);
            }
            else
            {
                kept.Add(new(name, Without(json, path + name, quirks, warnings)));
            }
        }

        return kept.Count == 0 && extra.Marks.Count == 0 ? null : extra with { Fields = kept };
    }

    private static string Without(string json, string path, WireQuirks quirks, ICollection<Warning> warnings)
    {
        if (quirks.UnsupportedInside.Count == 0)
        {
            return json;
        }

        var (text, edits) = (Encoding.UTF8.GetBytes(json), new JsonEdits());
        if (!Cut(text, 0, path, quirks, edits, warnings))
        {
            return json;
        }

        var output = new ArrayBufferWriter<byte>(text.Length);
        edits.Apply(text, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Tell(string name, ReadOnlySpan<byte> value, ICollection<Warning> warnings)
    {
        if (!UsualValues.Holds(name, value))
        {
            warnings.Add(new Warning("dropped", name, "the model does not support it"));
        }
    }
}
