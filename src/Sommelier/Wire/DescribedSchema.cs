using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>A schema that says itself what it is for, for targets that have no other place for it.</summary>
internal static class DescribedSchema
{
    /// <summary>The schema of a form; with its description before the one that the schema has, where it is an object.</summary>
    /// <param name="form">A form with a schema.</param>
    public static string Of(ResponseFormat form)
    {
        var schema = form.Schema ?? "{}";
        if (string.IsNullOrEmpty(form.Description))
        {
            return schema;
        }

        using var document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = JsonLimits.MaxDepth });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return schema;
        }

        var own = root.TryGetProperty("description"u8, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
        return Encoding.UTF8.GetString(JsonBytes.Value(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("description"u8, own is null ? form.Description : $"{form.Description}\n{own}");
            foreach (var member in root.EnumerateObject())
            {
                if (!member.NameEquals("description"u8))
                {
                    writer.WritePropertyName(member.Name);
                    writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
                }
            }

            writer.WriteEndObject();
        }).Span);
    }
}
