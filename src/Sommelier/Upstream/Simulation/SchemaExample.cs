using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Sommelier.Upstream.Simulation;

/// <summary>A small instance of a JSON Schema, so that simulated tool calls and structured answers can be parsed.</summary>
/// <remarks>Knows type, properties, required, items, enum, const, anyOf, oneOf, minimum and minItems; anything else counts as free.</remarks>
internal static class SchemaExample
{
    private const int MaxDepth = 16;

    /// <summary>An instance as JSON; an empty object where there is no schema.</summary>
    public static string Of(string? schema)
    {
        if (schema is null)
        {
            return "{}";
        }

        using var document = JsonDocument.Parse(schema);
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            Write(document.RootElement, json, 0);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(JsonElement schema, Utf8JsonWriter json, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            json.WriteStringValue("simulated");
            return;
        }

        if (schema.TryGetProperty("const", out var only))
        {
            only.WriteTo(json);
        }
        else if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
        {
            values[0].WriteTo(json);
        }
        else if (Choice(schema, "anyOf") is { } any)
        {
            Write(any, json, depth + 1);
        }
        else if (Choice(schema, "oneOf") is { } one)
        {
            Write(one, json, depth + 1);
        }
        else
        {
            WriteTyped(schema, json, depth);
        }
    }

    private static void WriteTyped(JsonElement schema, Utf8JsonWriter json, int depth)
    {
        switch (Type(schema))
        {
            case "object":
                json.WriteStartObject();
                if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
                {
                    foreach (var property in properties.EnumerateObject())
                    {
                        json.WritePropertyName(property.Name);
                        Write(property.Value, json, depth + 1);
                    }
                }

                json.WriteEndObject();
                break;
            case "array":
                json.WriteStartArray();
                Write(schema.TryGetProperty("items", out var items) ? items : default, json, depth + 1);
                json.WriteEndArray();
                break;
            case "integer" or "number":
                json.WriteNumberValue(schema.TryGetProperty("minimum", out var least) && least.TryGetInt64(out var number) ? number : 1);
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue("simulated");
                break;
        }
    }

    private static string? Type(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return schema.TryGetProperty("properties", out _) ? "object" : null;
        }

        return type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0 ? type[0].GetString() : type.ValueKind == JsonValueKind.String ? type.GetString() : null;
    }

    private static JsonElement? Choice(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0 ? choices[0] : null;
}
