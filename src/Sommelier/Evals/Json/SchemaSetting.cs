using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Evals.Graders;
using Sommelier.JsonSchemas;

namespace Sommelier.Evals.Json;

/// <summary>A JSON Schema among an expectation's settings: an object, true or false, a text with JSON, or <c>file://</c> and a file of the suite's folder.</summary>
internal static class SchemaSetting
{
    private const string File = "file://";

    /// <summary>The schema; null when it is absent or cannot be used, which is noted.</summary>
    public static JsonSchema? Read(GraderSettings settings, string name, bool optional)
    {
        switch (settings.Json(name))
        {
            case null or JsonValue when optional && settings.OptionalText(name) is null or "":
                return null;
            case null:
                settings.Problem(name, "is missing", "Add a JSON Schema");
                return null;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return Parse(settings, name, value.GetValue<string>());
            case JsonArray:
                settings.Problem(name, "is a list, not a schema", "Write an object");
                return null;
            default:
                return Checked(settings, name, settings.Element(name)!.Value);
        }
    }

    private static JsonSchema? Parse(GraderSettings settings, string name, string text)
    {
        if (text.StartsWith(File, StringComparison.Ordinal))
        {
            try
            {
                text = System.IO.File.ReadAllText(Path.Combine(settings.Folder, text[File.Length..]));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                settings.Problem(name, "names a file that cannot be read", "Name a file of the suite's folder");
                return null;
            }
        }

        if (JsonText.Parse(text) is { ValueKind: JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False } schema)
        {
            return Checked(settings, name, schema);
        }

        settings.Problem(name, "is not a JSON Schema", "Write an object, or a text with JSON");
        return null;
    }

    // What is not checked must not pass for checked.
    private static JsonSchema Checked(GraderSettings settings, string name, JsonElement value)
    {
        var schema = JsonSchema.Read(value);
        if (schema.Unchecked.Count > 0)
        {
            settings.Problem(name, $"uses what is not checked here: {string.Join(", ", schema.Unchecked)}", "Take it out, or say it in other keywords");
        }

        return schema;
    }
}
