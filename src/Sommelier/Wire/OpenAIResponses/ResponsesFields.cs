using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Small pieces that requests and answers write alike.</summary>
internal static class ResponsesFields
{
    /// <summary>Writes the members of an object, given as JSON, into the open object; nothing for null.</summary>
    public static void Write(string? json, Utf8JsonWriter writer)
    {
        if (json is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(json);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            Write(property, writer);
        }
    }

    /// <summary>Writes a member as it came, even where its text does not make characters.</summary>
    public static void Write(JsonProperty property, Utf8JsonWriter writer)
    {
        writer.WritePropertyName(property.Name);
        writer.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
    }

    /// <summary>Writes who is called, in the caller's words.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="origin">What the caller calls it, where it stands in a namespace; else null.</param>
    /// <param name="writer">Stands in the call's item.</param>
    public static void WriteName(string name, ToolOrigin? origin, Utf8JsonWriter writer)
    {
        writer.WriteString("name", origin?.Name ?? name);
        if (origin is not null)
        {
            writer.WriteString("namespace", origin.Namespace);
        }
    }

    /// <summary>Writes what is shown of thinking.</summary>
    public static void WriteSummary(string text, Utf8JsonWriter writer)
    {
        writer.WriteStartArray("summary");
        if (text.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "summary_text");
            writer.WriteString("text", text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
