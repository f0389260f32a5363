using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>Writes a tool call's arguments as the object that Google, Ollama and Bedrock want.</summary>
internal static class ToolArguments
{
    /// <summary>Writes the value. What is no JSON object is wrapped in one, with a warning.</summary>
    public static void Write(ToolCallPart call, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(call.Arguments) ? "{}" : call.Arguments, new JsonDocumentOptions { MaxDepth = JsonLimits.MaxDepth });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                document.RootElement.WriteTo(writer);
                return;
            }

            warnings.Add(new Warning("malformed", call.Place.Or("tool_calls").ToString(), $"the arguments of '{call.Name}' are not an object; they are sent as its member 'arguments'"));
            writer.WriteStartObject();
            writer.WritePropertyName("arguments"u8);
            document.RootElement.WriteTo(writer);
            writer.WriteEndObject();
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // Not JSON, or not even Unicode: half of a surrogate pair at the end of a cut answer.
            warnings.Add(new Warning("malformed", call.Place.Or("tool_calls").ToString(), $"the arguments of '{call.Name}' are not JSON; they are sent as the text 'invalid_arguments'"));
            writer.WriteStartObject();
            writer.WriteString("invalid_arguments"u8, call.Arguments);
            writer.WriteEndObject();
        }
    }
}
