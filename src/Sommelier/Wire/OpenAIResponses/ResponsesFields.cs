using System.Text.Json;

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
