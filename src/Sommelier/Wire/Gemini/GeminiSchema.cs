using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>
/// Google's older schemas (<c>parameters</c>, <c>responseSchema</c>) are a subset of OpenAPI 3.0: types in capitals and
/// <c>nullable</c>. Made into JSON Schema, which every target reads.
/// </summary>
internal static class GeminiSchema
{
    /// <summary>JSON Schema that means the same.</summary>
    public static string ToJsonSchema(JsonElement schema)
    {
        var node = JsonNode.Parse(schema.GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = JsonLimits.MaxDepth });
        Fix(node);
        return node?.ToJsonString() ?? "{}";
    }

    private static void Fix(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var item in list)
                {
                    Fix(item);
                }

                break;
            case JsonObject schema:
                FixType(schema);
                foreach (var (name, value) in schema)
                {
                    // A property may be called "type" itself; what stands under "properties" are names, not keywords.
                    if (name is "properties" or "$defs" or "defs" && value is JsonObject named)
                    {
                        foreach (var (_, property) in named)
                        {
                            Fix(property);
                        }
                    }
                    else if (name is not ("enum" or "default" or "example"))
                    {
                        Fix(value);
                    }
                }

                break;
        }
    }

    private static void FixType(JsonObject schema)
    {
        if (schema["type"] is not JsonValue value || !value.TryGetValue<string>(out var type))
        {
            return;
        }

        var lower = type.ToLowerInvariant();
        if (schema["nullable"] is JsonValue nullable && nullable.TryGetValue<bool>(out var may))
        {
            schema.Remove("nullable");
            if (may)
            {
                schema["type"] = new JsonArray(lower, "null");
                return;
            }
        }

        if (!string.Equals(lower, type, StringComparison.Ordinal))
        {
            schema["type"] = lower;
        }
    }
}
