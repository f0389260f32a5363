using System.Text.Json;

namespace Sommelier.Wire.Embeddings;

/// <summary>Vectors as JSON: the shortest digits that read back as the same 32-bit float.</summary>
internal static class VectorJson
{
    /// <summary>Writes a list of numbers.</summary>
    public static void Write(ReadOnlySpan<float> vector, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var number in vector)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
