using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Requests to count tokens: the contents alone, or a whole request as <c>generateContentRequest</c>.</summary>
internal static class GeminiTokenCount
{
    /// <summary>The outline of what is to be counted.</summary>
    public static RequestOutline Outline(ReadOnlyMemory<byte> body, CallPath path)
    {
        using var document = JsonBody.Parse(body);
        return new JsonFields(document.RootElement, "").TryGet("generateContentRequest", out var whole, out _)
            ? GeminiOutlineReader.Read(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(whole), path)
            : GeminiOutlineReader.Read(body.Span, path);
    }

    /// <summary>Writes the answer.</summary>
    public static void Write(int tokens, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonLimits.Writer);
        writer.WriteStartObject();
        writer.WriteNumber("totalTokens"u8, tokens);
        writer.WriteEndObject();
    }
}
