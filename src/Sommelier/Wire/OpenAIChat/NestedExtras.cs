using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIChat;

/// <summary>
/// Unknown fields of an object with another object inside it: those of the inner one carry its name as a prefix
/// (<c>image_url.detail</c>).
/// </summary>
internal static class NestedExtras
{
    /// <summary>Writes the inner object's own.</summary>
    public static void WriteInner(Extra? extra, string prefix, Utf8JsonWriter writer)
    {
        if (!string.Equals(extra?.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal))
        {
            return;
        }

        foreach (var (name, json) in extra!.Fields)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name.AsSpan(prefix.Length));
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }

    /// <summary>Writes the outer object's own, or warns of all when they are of another format.</summary>
    public static void WriteOuter(Extra? extra, string prefix, FieldPath path, Utf8JsonWriter writer, ICollection<Warning> warnings)
    {
        if (extra is null)
        {
            return;
        }

        if (!string.Equals(extra.Format, OpenAIChatFormat.FormatName, StringComparison.Ordinal))
        {
            Extras.Warn(extra, path, warnings);
            return;
        }

        foreach (var (name, json) in extra.Fields)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
        }
    }
}
