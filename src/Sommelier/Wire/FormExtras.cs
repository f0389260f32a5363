using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>
/// Unknown members of the form that an answer must have. They stand among a request's own extras by their whole path, so
/// that every other format's writer names them as lost.
/// </summary>
internal static class FormExtras
{
    /// <summary>Where the form stands in OpenAI's chat format.</summary>
    public const string Chat = "response_format.";

    /// <summary>Where the form's schema stands there.</summary>
    public const string ChatSchema = "response_format.json_schema.";

    /// <summary>Where the form stands in OpenAI's responses format.</summary>
    public const string Responses = "text.format.";

    /// <summary>Where the form stands in Anthropic's format.</summary>
    public const string Anthropic = "output_config.format.";

    /// <summary>Takes the members of an object that are not among the known ones and not null.</summary>
    public static void Collect(JsonElement element, string path, ReadOnlySpan<string> known, ref List<KeyValuePair<string, string>>? fields)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !property.IsAmong(known))
            {
                (fields ??= []).Add(new(path + property.Name, property.Value.GetRawText()));
            }
        }
    }

    /// <summary>Writes those of one object into it; the caller has made sure that the extras are of its format.</summary>
    public static void Write(Extra? extra, string path, Utf8JsonWriter writer)
    {
        foreach (var (name, json) in extra?.Fields ?? [])
        {
            if (name.StartsWith(path, StringComparison.Ordinal) && !(string.Equals(path, Chat, StringComparison.Ordinal) && name.StartsWith(ChatSchema, StringComparison.Ordinal)))
            {
                writer.WritePropertyName(name.AsSpan(path.Length));
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }

    /// <summary>Warns of those of a form that is asked for in another way, so that they have no place.</summary>
    public static void Lost(Extra? extra, string path, ICollection<Warning> warnings)
    {
        foreach (var (name, _) in extra?.Fields ?? [])
        {
            if (name.StartsWith(path, StringComparison.Ordinal))
            {
                warnings.Add(new Warning("dropped", name, "the form is asked for in another way"));
            }
        }
    }
}
