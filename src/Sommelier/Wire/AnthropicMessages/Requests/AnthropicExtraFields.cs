using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// Top-level fields that our records have no place for, and what is left of <c>output_config</c> and <c>metadata</c>
/// when the known is taken out.
/// </summary>
internal static class AnthropicExtraFields
{
    private const string Format = AnthropicMessagesFormat.FormatName;

    /// <summary>The prefix of unknown fields that stood in <c>tool_choice</c>.</summary>
    public const string Choice = "tool_choice.";

    /// <summary>Collects them; null when there are none.</summary>
    public static Extra? Collect(JsonFields root)
    {
        var fields = new List<KeyValuePair<string, string>>();
        if (root.Unknown(Format, AnthropicFields.All) is { } unknown)
        {
            fields.AddRange(unknown.Fields);
        }

        if (root.Object("tool_choice") is { } choice)
        {
            fields.AddRange(Extras.Within(Choice, choice.Unknown(Format, ["type", "name", "disable_parallel_tool_use"]))?.Fields ?? []);
        }

        Rest(root, "output_config", IsKnownForm(root) ? ["effort", "format"] : ["effort"], fields);
        if (IsKnownForm(root) && root.Object("output_config")?.Object("format") is { } form)
        {
            List<KeyValuePair<string, string>>? ofForm = null;
            FormExtras.Collect(form.Element, FormExtras.Anthropic, ["type", "schema"], ref ofForm);
            fields.AddRange(ofForm ?? []);
        }

        Rest(root, "metadata", ["user_id"], fields);
        return fields.Count > 0 ? new Extra(Format, fields) : null;
    }

    /// <summary>Writes what is left of an object into that object, which is open.</summary>
    public static void WriteRest(Extra? extra, string name, Utf8JsonWriter writer)
    {
        if (Own(extra, name) is not { } json)
        {
            return;
        }

        using var document = JsonDocument.Parse(json);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
        }
    }

    /// <summary>The raw JSON of a field of this format, or null.</summary>
    public static string? Own(Extra? extra, string name) =>
        IsOwn(extra) ? Extras.Find(extra, name) : null;

    /// <summary>The top-level fields without what is left of objects, which is written inside them.</summary>
    public static Extra? TopLevel(Extra? extra)
    {
        return IsOwn(extra) && extra!.Fields.Any(IsInside)
            ? new Extra(Format, [.. extra.Fields.Where(static field => !IsInside(field))])
            : extra;
    }

    /// <summary>Whether extras are of this format.</summary>
    public static bool IsOwn(Extra? extra) => string.Equals(extra?.Format, Format, StringComparison.Ordinal);

    private static bool IsInside(KeyValuePair<string, string> field) =>
        field.Key is "output_config" or "metadata" || field.Key.StartsWith(FormExtras.Anthropic, StringComparison.Ordinal) || field.Key.StartsWith(Choice, StringComparison.Ordinal);

    // Another form than JSON of a schema keeps its words.
    private static bool IsKnownForm(JsonFields root) => root.Object("output_config")?.Object("format")?.Text("type") is null or "json_schema";

    private static void Rest(JsonFields root, string name, ReadOnlySpan<string> known, List<KeyValuePair<string, string>> fields)
    {
        if (root.Object(name)?.Unknown(Format, known) is not { } rest)
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonLimits.Writer))
        {
            writer.WriteStartObject();
            foreach (var (key, json) in rest.Fields)
            {
                writer.WritePropertyName(key);
                writer.WriteRawValue(json, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        fields.Add(new(name, Encoding.UTF8.GetString(buffer.WrittenSpan)));
    }
}
