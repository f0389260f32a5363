using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Collects fields that a format's reader does not know, and writes or reports them.</summary>
internal static class Extras
{
    /// <summary>Fields of an object that are not among the known ones; null when there are none.</summary>
    public static Extra? Collect(JsonElement element, string format, ReadOnlySpan<string> known)
    {
        List<KeyValuePair<string, string>>? fields = null;
        foreach (var property in element.EnumerateObject())
        {
            if (!property.IsAmong(known))
            {
                (fields ??= []).Add(new(property.Name, property.Value.GetRawText()));
            }
        }

        return fields is null ? null : new Extra(format, fields);
    }

    /// <summary>Whether a property has one of the names. Its name is made into text only where it is asked for, so ask here.</summary>
    public static bool IsAmong(this JsonProperty property, ReadOnlySpan<string> known)
    {
        foreach (var name in known)
        {
            if (property.NameEquals(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Writes the fields into the open object when they are of the writer's own format, else warns of each.
    /// </summary>
    /// <param name="extra">The fields; null for none.</param>
    /// <param name="writer">Stands inside an object.</param>
    /// <param name="format">The writer's format.</param>
    /// <param name="path">Where the object stood in the caller's request, for the warning.</param>
    /// <param name="warnings">Takes the losses.</param>
    /// <param name="inner">Prefixes of those that stand in an object inside, which <see cref="WriteInner"/> writes.</param>
    public static void Write(Extra? extra, Utf8JsonWriter writer, string format, FieldPath path, ICollection<Warning> warnings, params ReadOnlySpan<string> inner)
    {
        if (extra is null)
        {
            return;
        }

        if (!string.Equals(extra.Format, format, StringComparison.Ordinal))
        {
            Warn(extra, path, warnings);
            return;
        }

        WriteInner(extra, "", writer, format, inner);
    }

    /// <summary>Writes those that stood in an object inside into that object, which is open, when they are of the writer's own format.</summary>
    /// <param name="extra">The fields; null for none.</param>
    /// <param name="prefix">What their names begin with, see <see cref="Within"/>.</param>
    /// <param name="writer">Stands in the object.</param>
    /// <param name="format">The writer's format.</param>
    /// <param name="deeper">Prefixes of those that stand in an object inside that one.</param>
    public static void WriteInner(Extra? extra, string prefix, Utf8JsonWriter writer, string format, params ReadOnlySpan<string> deeper)
    {
        if (!string.Equals(extra?.Format, format, StringComparison.Ordinal))
        {
            return;
        }

        foreach (var (name, json) in extra!.Marks.Count == 0 ? extra.Fields : extra.Fields.Concat(extra.Marks))
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && !BeginsWith(name, deeper))
            {
                writer.WritePropertyName(name.AsSpan(prefix.Length));
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }

    /// <summary>Fields of an object inside, by their path from the object around it; null for none.</summary>
    /// <param name="prefix">The inner object's name and a dot, e.g. <c>source.</c>.</param>
    /// <param name="extra">The inner object's own.</param>
    public static Extra? Within(string prefix, Extra? extra) => extra is null ? null : extra with
    {
        Fields = [.. extra.Fields.Select(field => KeyValuePair.Create(prefix + field.Key, field.Value))],
        Marks = [.. extra.Marks.Select(field => KeyValuePair.Create(prefix + field.Key, field.Value))],
    };

    /// <summary>Two lots of fields of one format as one.</summary>
    public static Extra? Join(Extra? first, Extra? second) => first is null ? second : second is null ? first : first with
    {
        Fields = [.. first.Fields, .. second.Fields],
        Marks = [.. first.Marks, .. second.Marks],
    };

    private static bool BeginsWith(string name, ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Warns of each field that says something: the target's format does not know it.</summary>
    public static void Warn(Extra? extra, FieldPath path, ICollection<Warning> warnings)
    {
        if (extra is null)
        {
            return;
        }

        // Vendors name all that an answer has not: "container":null.
        foreach (var (name, _) in extra.Fields.Where(static field => field.Value is not "null"))
        {
            warnings.Add(new Warning("dropped", path.At(name).ToString(), "the target's wire format has no such field"));
        }
    }

    /// <summary>The fields without one of them; null when none is left.</summary>
    public static Extra? Without(Extra? extra, string name)
    {
        var fields = extra?.Fields.Where(field => !string.Equals(field.Key, name, StringComparison.Ordinal)).ToArray();
        return fields is null || (fields.Length == 0 && extra!.Marks.Count == 0) ? null : extra! with { Fields = fields };
    }

    /// <summary>The raw JSON of a field, or null.</summary>
    public static string? Find(Extra? extra, string name)
    {
        if (extra is not null)
        {
            foreach (var (key, json) in extra.Marks.Count == 0 ? extra.Fields : extra.Fields.Concat(extra.Marks))
            {
                if (string.Equals(key, name, StringComparison.Ordinal))
                {
                    return json;
                }
            }
        }

        return null;
    }
}
