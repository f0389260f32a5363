using System.Buffers;
using System.Text.Json;

namespace Sommelier.Wire.Json;

/// <summary>Small pieces of JSON as bytes, for splicing.</summary>
internal static class JsonBytes
{
    /// <summary>A string with its quotes.</summary>
    public static ReadOnlyMemory<byte> Quoted(string text)
    {
        var encoded = JsonEncodedText.Encode(text, JsonLimits.Writer.Encoder).EncodedUtf8Bytes;
        var bytes = new byte[encoded.Length + 2];
        bytes[0] = bytes[^1] = (byte)'"';
        encoded.CopyTo(bytes.AsSpan(1));
        return bytes;
    }

    /// <summary>A string with its quotes, as text; half of a surrogate pair is replaced.</summary>
    public static string QuotedText(string text) => string.Concat("\"", JsonLimits.Writer.Encoder!.Encode(text), "\"");

    /// <summary>A value.</summary>
    public static ReadOnlyMemory<byte> Value(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Members of an object without its braces: <c>"a":1,"b":2</c>; empty when nothing is written.</summary>
    public static ReadOnlyMemory<byte> Members(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory[1..^1];
    }
}
