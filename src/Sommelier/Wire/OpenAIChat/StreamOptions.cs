using System.Buffers;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>The <c>stream_options</c> object.</summary>
internal static class StreamOptions
{
    /// <summary>The caller's options with token counts asked for.</summary>
    /// <param name="options">The caller's value: an object or null.</param>
    public static ReadOnlyMemory<byte> WithUsage(ReadOnlySpan<byte> options)
    {
        var reader = new Utf8JsonReader(options, JsonLimits.Reader);
        var buffer = new ArrayBufferWriter<byte>(options.Length + 24);
        using var writer = new Utf8JsonWriter(buffer, JsonLimits.Writer);
        writer.WriteStartObject();
        reader.Read();
        while (reader.TokenType != JsonTokenType.Null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueTextEquals("include_usage"u8) ? null : JsonText.Of(ref reader, "stream_options");
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (name is not null)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(options[start..(int)reader.BytesConsumed], skipInputValidation: true);
            }
        }

        writer.WriteBoolean("include_usage", true);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
