using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Fields of an item or part that have no place in our own words.</summary>
internal static class ResponsesItemExtra
{
    /// <summary>The name under which the first part of a message carries the message's own fields.</summary>
    public const string Message = "item";

    /// <summary>Fields that are not among the known ones and say something. Ids and states are marks.</summary>
    public static Extra? Of(JsonFields owner, ReadOnlySpan<string> known)
    {
        List<KeyValuePair<string, string>>? fields = null;
        List<KeyValuePair<string, string>>? marks = null;
        foreach (var property in owner.Element.EnumerateObject())
        {
            if (property.IsAmong(known) || IsEmpty(property.Value))
            {
                continue;
            }

            var isMark = property.Name is "id" or "status" or "phase" || (property.Name is "detail" && property.Value.ValueKind == JsonValueKind.String && property.Value.ValueEquals("auto"));
            (isMark ? marks ??= [] : fields ??= []).Add(new(property.Name, property.Value.GetRawText()));
        }

        return Make(fields, marks);
    }

    /// <summary>Joins a message's own fields, as one object, to the extras of its first part.</summary>
    /// <param name="part">The part's own; null for none.</param>
    /// <param name="message">The message's item.</param>
    public static Extra WithMessage(Extra? part, JsonFields message)
    {
        var marks = new List<KeyValuePair<string, string>>(part?.Marks ?? []);
        var own = Of(message, ["type", "role", "content"]);
        var text = new System.Text.StringBuilder("{");
        foreach (var (name, json) in own is null ? [] : own.Marks.Concat(own.Fields))
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(JsonEncodedText.Encode(name, JsonLimits.Writer.Encoder)).Append("\":").Append(json);
        }

        marks.Add(new(Message, text.Append('}').ToString()));
        
        // Other formats are to miss what says something.
        var fields = own is not { Fields.Count: > 0 } ? part?.Fields ?? [] : [.. part?.Fields ?? [], .. own.Fields.Select(static field => KeyValuePair.Create(FieldPath.Around + field.Key, field.Value))];
        return new Extra(OpenAIResponsesFormat.FormatName, fields) { Marks = marks };
    }

    /// <summary>The message's own fields, as an object's JSON, when the part is the first of one that was read in this format.</summary>
    public static string? MessageOf(Extra? extra)
    {
        if (IsOwn(extra))
        {
            foreach (var (name, json) in extra!.Marks)
            {
                if (string.Equals(name, Message, StringComparison.Ordinal))
                {
                    return json;
                }
            }
        }

        return null;
    }

    /// <summary>Whether extras are of this format.</summary>
    public static bool IsOwn(Extra? extra) => string.Equals(extra?.Format, OpenAIResponsesFormat.FormatName, StringComparison.Ordinal);

    /// <summary>Writes a part's own extras into its open object, or warns of those of another format.</summary>
    public static void Write(Extra? extra, FieldPath path, Utf8JsonWriter writer, ICollection<Warning> warnings, params ReadOnlySpan<string> inner)
    {
        if (IsOwn(extra) && extra!.Marks.Any(IsMessage))
        {
            extra = extra with { Marks = [.. extra.Marks.Where(static mark => !IsMessage(mark))] };
        }

        Extras.Write(extra, writer, OpenAIResponsesFormat.FormatName, path, warnings, [FieldPath.Around, .. inner]);
    }

    private static bool IsMessage(KeyValuePair<string, string> mark) => string.Equals(mark.Key, Message, StringComparison.Ordinal);

    private static Extra? Make(List<KeyValuePair<string, string>>? fields, List<KeyValuePair<string, string>>? marks) =>
        fields is null && marks is null ? null : new Extra(OpenAIResponsesFormat.FormatName, fields ?? []) { Marks = marks ?? [] };

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);
}
