using System.Globalization;
using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>JSON pointers (RFC 6901) as they stand in references: <c>#/$defs/item</c>.</summary>
internal static class SchemaPointer
{
    /// <summary>The pointer of a member.</summary>
    public static string Of(string parent, string name) =>
        parent + "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The pointer of a member's member.</summary>
    public static string Of(string parent, string name, string inner) => Of(Of(parent, name), inner);

    /// <summary>The pointer of an item.</summary>
    public static string Of(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}/{index}");

    /// <summary>What a reference names in its own document, with the pointer in one spelling; nulls when it names nothing there.</summary>
    public static (JsonElement? Target, string? Pointer) Find(JsonElement document, string reference)
    {
        if (!reference.StartsWith('#') || (reference.Length > 1 && reference[1] != '/'))
        {
            return default;
        }

        var target = document;
        var pointer = "#";
        foreach (var part in Uri.UnescapeDataString(reference[1..]).Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.ValueKind == JsonValueKind.Object && target.TryGetProperty(name, out var member))
            {
                (target, pointer) = (member, Of(pointer, name));
            }
            else if (target.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < target.GetArrayLength())
            {
                (target, pointer) = (target[index], Of(pointer, index));
            }
            else
            {
                return default;
            }
        }

        return (target, pointer);
    }
}
