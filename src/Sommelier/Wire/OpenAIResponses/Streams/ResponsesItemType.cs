using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The type of an item, read off its bytes.</summary>
internal static class ResponsesItemType
{
    /// <summary>Whether it is a call of a tool that the caller runs.</summary>
    public static bool IsCall(ReadOnlySpan<byte> item)
    {
        var type = Find(item);
        return type.SequenceEqual("function_call"u8) || type.SequenceEqual("custom_tool_call"u8);
    }

    /// <summary>The type's text; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> item)
    {
        if (item.IsEmpty)
        {
            return default;
        }

        var reader = new Utf8JsonReader(item, JsonLimits.Reader);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String)
            {
                return reader.ValueSpan;
            }

            reader.Skip();
        }

        return default;
    }
}
