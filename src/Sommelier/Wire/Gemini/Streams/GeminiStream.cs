using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>What readers and relays of streams share.</summary>
internal static class GeminiStream
{
    /// <summary>Whether the last event, which lacks its blank line, is whole all the same.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data, JsonLimits.Reader);
            reader.Read();
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
