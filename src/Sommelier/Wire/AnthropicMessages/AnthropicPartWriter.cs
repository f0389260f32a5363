using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes the blocks that stand in requests and answers alike.</summary>
internal static class AnthropicPartWriter
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>Writes a text block.</summary>
    public static void Text(string text, Extra? extra, Utf8JsonWriter writer, ICollection<Warning> warnings, FieldPath path)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, text);
        Extras.Write(extra, writer, Format, path, warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes thinking, sealed or not; an absent seal is an empty one, since the dialect's clients demand the field.</summary>
    public static void Thinking(ReasoningPart part, Utf8JsonWriter writer, ICollection<Warning> warnings, FieldPath path)
    {
        writer.WriteStartObject();
        if (part.Redacted is { } data)
        {
            writer.WriteString("type"u8, "redacted_thinking"u8);
            writer.WriteString("data"u8, AnthropicSeal.Write(data, part.Vendor, part.Id));
        }
        else
        {
            writer.WriteString("type"u8, "thinking"u8);
            writer.WriteString("thinking"u8, part.Text);
            writer.WriteString("signature"u8, AnthropicSeal.Write(part.Signature, part.Vendor, part.Id) ?? "");
        }

        Extras.Write(part.Extra, writer, Format, path, warnings);
        writer.WriteEndObject();
    }

    /// <summary>Writes a tool call. Arguments that are not a JSON object are wrapped in one, with a warning.</summary>
    public static void ToolUse(ToolCallPart part, Utf8JsonWriter writer, ICollection<Warning> warnings, FieldPath path)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_use"u8);
        writer.WriteString("id"u8, AnthropicIds.ToolCall(part.Id));
        writer.WriteString("name"u8, part.Name);
        writer.WritePropertyName("input"u8);
        Input(part, writer, warnings, path);
        Extras.Write(part.Extra, writer, Format, path, warnings);
        writer.WriteEndObject();
    }

    private static void Input(ToolCallPart part, Utf8JsonWriter writer, ICollection<Warning> warnings, FieldPath path)
    {
        if (string.IsNullOrWhiteSpace(part.Arguments))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
            return;
        }

        switch (Kind(part.Arguments))
        {
            case JsonValueKind.Object:
                writer.WriteRawValue(part.Arguments, skipInputValidation: true);
                return;
            case JsonValueKind.Undefined:
                warnings.Add(new Warning("malformed", path.ToString(), $"the arguments of '{part.Name}' are not JSON; they are sent as the text 'invalid_arguments'"));
                writer.WriteStartObject();
                writer.WriteString("invalid_arguments"u8, part.Arguments);
                writer.WriteEndObject();
                return;
            default:
                warnings.Add(new Warning("malformed", path.ToString(), $"the arguments of '{part.Name}' are not an object; they are sent as its member 'arguments'"));
                writer.WriteStartObject();
                writer.WritePropertyName("arguments"u8);
                writer.WriteRawValue(part.Arguments, skipInputValidation: true);
                writer.WriteEndObject();
                return;
        }
    }

    private static JsonValueKind Kind(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind;
        }
        catch (JsonException)
        {
            return JsonValueKind.Undefined;
        }
    }
}
