using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sommelier.Configuration.Keys;

/// <summary>Writes a table of keys as JSON Schema 2020-12, for editors.</summary>
internal static class JsonSchemaWriter
{
    /// <summary>The schema of <c>sommelier.yaml</c>, indented, with a line break at its end.</summary>
    public static string Write() => Write(ConfigKeys.Root, ConfigFile.UsualName);

    /// <summary>The same of another kind of file.</summary>
    public static string Write(KeySpec root, string title)
    {
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", title);
            WriteGroup(json, root);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteKey(Utf8JsonWriter json, KeySpec key)
    {
        json.WriteStartObject();
        var summary = key.Summary + (key.Default.Length > 0 ? $". Default: {key.Default}" : "") + ".";
        json.WriteString("description", summary);
        switch (key.Kind)
        {
            case KeyKind.List:
                Either(json, () => WriteArray(json, key), () => WriteKey(json, key.Item!));
                break;
            case KeyKind.Group when key.Shorthand.Length > 0:
                Either(json, () => WriteObject(json, key), () => WriteKey(json, key.Find(key.Shorthand)!));
                break;
            case KeyKind.Group:
                WriteGroup(json, key);
                break;
            case KeyKind.Integer or KeyKind.Number or KeyKind.Boolean or KeyKind.Choice:
                Either(json, () => WritePlain(json, key), () => WriteVariable(json));
                break;
            case KeyKind.Size:
                Either(json, () => WritePlain(json, key with { Kind = KeyKind.Integer }), () => WriteText(json, @"^[0-9.]+ ?(B|kB|KB|MB|GB|KiB|MiB|GiB)$|\$\{"));
                break;
            case KeyKind.Duration:
                WriteString(json, string.Concat(key.Choices.Select(word => $"^{word}$|")) + @"^[0-9.]+ ?(ms|s|m|h|d)$|\$\{");
                break;
            case KeyKind.Date:
                WriteString(json, @"^[0-9]{4}-[0-9]{2}-[0-9]{2}$|\$\{");
                break;
            case KeyKind.Url:
                WriteString(json, @"^https?://|\$\{");
                break;
            case KeyKind.Any:
                break;
            default:
                // Keys, model ids and headers may look like numbers to YAML.
                json.WriteStartArray("type");
                json.WriteStringValue("string");
                json.WriteStringValue("number");
                json.WriteEndArray();
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteGroup(Utf8JsonWriter json, KeySpec group)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var key in group.Keys)
        {
            json.WritePropertyName(key.Name);
            WriteKey(json, key);
        }

        json.WriteEndObject();
        if (group.OtherNames.Count > 0)
        {
            json.WriteStartObject("propertyNames");
            WriteWords(json, group.OtherNames);
            json.WriteEndObject();
        }

        var required = group.Keys.Where(key => key.Required).Select(key => key.Name).ToArray();
        if (required.Length > 0)
        {
            json.WriteStartArray("required");
            foreach (var name in required)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        if (group.Others is null)
        {
            json.WriteBoolean("additionalProperties", false);
        }
        else
        {
            json.WritePropertyName("additionalProperties");
            WriteKey(json, group.Others);
        }
    }

    private static void WriteObject(Utf8JsonWriter json, KeySpec group)
    {
        json.WriteStartObject();
        WriteGroup(json, group);
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, KeySpec list)
    {
        json.WriteStartObject();
        json.WriteString("type", "array");
        json.WritePropertyName("items");
        WriteKey(json, list.Item!);
        json.WriteEndObject();
    }

    private static void WritePlain(Utf8JsonWriter json, KeySpec key)
    {
        json.WriteStartObject();
        if (key.Kind == KeyKind.Choice)
        {
            WriteWords(json, key.Choices);
        }
        else
        {
            json.WriteString("type", key.Kind switch { KeyKind.Integer => "integer", KeyKind.Number => "number", _ => "boolean" });
            if (key.Min is { } min)
            {
                json.WriteNumber("minimum", min);
            }

            if (key.Max is { } max)
            {
                json.WriteNumber("maximum", max);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteWords(Utf8JsonWriter json, IReadOnlyList<string> words)
    {
        json.WriteStartArray("enum");
        foreach (var word in words)
        {
            json.WriteStringValue(word);
        }

        json.WriteEndArray();
    }

    private static void WriteVariable(Utf8JsonWriter json) => WriteText(json, @"\$\{");

    private static void WriteText(Utf8JsonWriter json, string pattern)
    {
        json.WriteStartObject();
        WriteString(json, pattern);
        json.WriteEndObject();
    }

    private static void WriteString(Utf8JsonWriter json, string pattern)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", pattern);
    }

    private static void Either(Utf8JsonWriter json, Action first, Action second)
    {
        json.WriteStartArray("anyOf");
        first();
        second();
        json.WriteEndArray();
    }
}
