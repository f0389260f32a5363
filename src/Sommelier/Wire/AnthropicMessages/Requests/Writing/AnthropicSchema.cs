using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// Brings a JSON Schema into the subset that structured output enforces: closed objects, <c>anyOf</c>, and limits that
/// cannot be enforced told in the description instead.
/// </summary>
internal static class AnthropicSchema
{
    private static readonly string[] Limits =
    [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern",
        "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "contains", "minContains", "maxContains",
    ];

    private static readonly string[] Formats =
        ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

    /// <summary>Whether the schema's root describes an object.</summary>
    public static bool IsObject(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object
            && (root.TryGetProperty("type"u8, out var type) ? type.ValueKind == JsonValueKind.String && type.ValueEquals("object"u8) : root.TryGetProperty("properties"u8, out _));
    }

    /// <summary>
    /// Rewrites a schema; warns once when something that it demands is only described afterwards. Null for a schema that
    /// the subset cannot say: an object whose keys are free, which could be answered by <c>{}</c> alone once it is closed.
    /// </summary>
    public static string? Sanitize(string schema, ICollection<Warning> warnings)
    {
        using var document = JsonDocument.Parse(schema);
        var buffer = new ArrayBufferWriter<byte>(schema.Length + 64);
        var found = default(Findings);
        using (var writer = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            Schema(document.RootElement, writer, ref found);
        }

        if (found.FreeKeys)
        {
            return null;
        }

        if (found.Loosened)
        {
            warnings.Add(new Warning("emulated", "response_format.json_schema.schema", "limits that the model is not held to are told in descriptions"));
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Schema(JsonElement schema, Utf8JsonWriter writer, ref Findings found)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            schema.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        var told = new StringBuilder();
        string? description = null;
        foreach (var member in schema.EnumerateObject())
        {
            switch (member.Name)
            {
                case "$schema" or "additionalProperties":
                    break;
                case "description" when member.Value.ValueKind == JsonValueKind.String:
                    description = member.Value.GetString();
                    break;
                case "format" when !IsKnownFormat(member.Value):
                case var name when Limits.Contains(name, StringComparer.Ordinal):
                    told.Append(told.Length > 0 ? ", " : "").Append(member.Name).Append(": ").Append(member.Value.GetRawText());
                    break;
                default:
                    Keyword(member, writer, ref found);
                    break;
            }
        }

        Describe(description, told, writer, ref found);
        if (IsObjectSchema(schema))
        {
            found.FreeKeys |= HasFreeKeys(schema);
            writer.WriteBoolean("additionalProperties"u8, false);
        }

        writer.WriteEndObject();
    }

    private static void Keyword(JsonProperty member, Utf8JsonWriter writer, ref Findings found)
    {
        var value = member.Value;
        writer.WritePropertyName(member.NameEquals("oneOf"u8) ? "anyOf" : member.Name);
        switch (member.Name)
        {
            case "properties" or "$defs" or "definitions" when value.ValueKind == JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var inner in value.EnumerateObject())
                {
                    writer.WritePropertyName(inner.Name);
                    Schema(inner.Value, writer, ref found);
                }

                writer.WriteEndObject();
                break;
            case "anyOf" or "oneOf" or "allOf" or "prefixItems" when value.ValueKind == JsonValueKind.Array:
            case "items" when value.ValueKind == JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var inner in value.EnumerateArray())
                {
                    Schema(inner, writer, ref found);
                }

                writer.WriteEndArray();
                break;
            case "items" or "not":
                Schema(value, writer, ref found);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void Describe(string? description, StringBuilder told, Utf8JsonWriter writer, ref Findings found)
    {
        if (told.Length > 0)
        {
            found.Loosened = true;
            description = description is null ? $"{{{told}}}" : $"{description} {{{told}}}";
        }

        if (description is not null)
        {
            writer.WriteString("description"u8, description);
        }
    }

    // With named properties and not a word on others, the named ones are what is wanted.
    private static bool HasFreeKeys(JsonElement schema) =>
        schema.TryGetProperty("additionalProperties"u8, out var others)
            ? others.ValueKind != JsonValueKind.False
            : schema.TryGetProperty("patternProperties"u8, out _)
                || !schema.TryGetProperty("properties"u8, out var named) || named.ValueKind != JsonValueKind.Object || !named.EnumerateObject().Any();

    private static bool IsKnownFormat(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Formats.Contains(value.GetString(), StringComparer.Ordinal);

    private static bool IsObjectSchema(JsonElement schema) =>
        (schema.TryGetProperty("type"u8, out var type)
            && (type.ValueKind == JsonValueKind.String ? type.ValueEquals("object"u8)
                : type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(static one => one.ValueKind == JsonValueKind.String && one.ValueEquals("object"u8))))
        || schema.TryGetProperty("properties"u8, out _);

    // What a walk through the schema met: limits that are told only, and objects whose keys are free.
    private record struct Findings(bool Loosened, bool FreeKeys);
}
