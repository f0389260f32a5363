using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;
using Sommelier.Wire.CustomTools;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>Writes what is called and with what: of a function, or of a tool that takes text as it is.</summary>
internal static class CallWriter
{
    /// <summary>Writes <c>type</c> and the object of that name.</summary>
    public static void Write(ToolCallPart call, bool custom, Utf8JsonWriter writer)
    {
        var kind = custom ? "custom" : "function";
        writer.WriteString("type", kind);
        writer.WriteStartObject(kind);
        writer.WriteString("name", call.Name);
        if (custom)
        {
            writer.WriteString("input", CustomTool.Unwrap(call.Arguments));
        }
        else
        {
            writer.WriteString("arguments", call.Arguments);
        }

        Extras.WriteInner(call.Extra, $"{kind}.", writer, OpenAIChatFormat.FormatName);

        writer.WriteEndObject();
    }
}
