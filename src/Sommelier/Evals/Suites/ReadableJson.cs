using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Sommelier.Evals.Suites;

/// <summary>JSON that people read: letters of every language as they are.</summary>
internal static class ReadableJson
{
    /// <summary>One line. Nodes need no types, so nothing is looked for by reflection.</summary>
    public static JsonSerializerOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, TypeInfoResolver = JsonTypeInfoResolver.Combine() };

    /// <summary>The same for writers.</summary>
    public static JsonWriterOptions Writer { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A node as an element.</summary>
    public static JsonElement Element(JsonNode? node)
    {
        using var document = JsonDocument.Parse(node is null ? "null" : node.ToJsonString(Options));
        return document.RootElement.Clone();
    }
}
