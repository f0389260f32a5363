using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>JSON as a model wrote it, strictly (RFC 8259).</summary>
internal static class StrictJson
{
    /// <summary>Nested deeper, a text counts as no JSON: comparing and checking it recurses.</summary>
    public const int MostNested = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MostNested };

    /// <summary>The text as a JSON value; null when it is none.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // The second: half of a surrogate pair.
            return null;
        }
    }
}
