using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>
/// An object of a caller's request with its path, so that each fault names its field. Null counts as absent. Paths are joined
/// only where something is wrong, or where an object stands in an object in an object.
/// </summary>
/// <param name="Element">The object.</param>
/// <param name="Parent">Where it stands, e.g. <c>messages[2]</c>; empty at the top. The object around it, where it has a name there.</param>
/// <param name="Name">Its name in the object around it; null where <paramref name="Parent"/> says it all.</param>
/// <param name="Index">Its place in the list of that name; -1 where the name is its own.</param>
internal readonly record struct JsonFields(JsonElement Element, string Parent, string? Name = null, int Index = -1)
{
    /// <summary>Where it stands, e.g. <c>messages[2].content[0]</c>; empty at the top.</summary>
    public string Path => Place.ToString();

    /// <summary>The same, not yet joined.</summary>
    public FieldPath Place => new(Parent, Name, Index);

    /// <summary>Takes an item of one of an object's lists as an object.</summary>
    public static JsonFields Item(JsonElement element, JsonFields owner, string name, int index)
    {
        var item = new JsonFields(element, owner.Path, name, index);
        return element.ValueKind == JsonValueKind.Object ? item : throw FieldError.WrongType(item.Path, "an object", element.ValueKind);
    }

    /// <summary>Takes a value as an object.</summary>
    public static JsonFields Of(JsonElement element, string path) => element.ValueKind == JsonValueKind.Object
        ? new JsonFields(element, path)
        : throw FieldError.WrongType(path, "an object", element.ValueKind);

    /// <summary>The path of a field.</summary>
    public string At(string name) => FieldError.Join(Path, name);

    /// <summary>Finds a field that is not null.</summary>
    public bool TryGet(string name, out JsonElement value) =>
        Element.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Text, or null when absent.</summary>
    public string? Text(string name) => TryGet(name, out var value) ? Read(value) ?? throw NoText(value, At(name)) : null;

    /// <summary>Text that must be there.</summary>
    public string RequiredText(string name, string expected) => Text(name) ?? throw FieldError.Missing(At(name), expected);

    /// <summary>Yes or no, or null when absent.</summary>
    public bool? Bool(string name) => !TryGet(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw FieldError.WrongType(At(name), "true or false", value.ValueKind),
    };

    /// <summary>A whole number, or null when absent.</summary>
    public int? Int(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw FieldError.WrongType(At(name), "a whole number", value.ValueKind);
        }

        return Whole(value) is >= int.MinValue and <= int.MaxValue and var whole
            ? (int)whole
            : throw FieldError.OutOfRange(At(name), "a whole number of at most 2147483647");
    }

    /// <summary>A whole number of 64 bits, or null when absent.</summary>
    public long? Long(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw FieldError.WrongType(At(name), "a whole number", value.ValueKind);
        }

        return Whole(value) ?? throw FieldError.OutOfRange(At(name), "a whole number of 64 bits");
    }

    /// <summary>A number, or null when absent.</summary>
    public double? Number(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw FieldError.WrongType(At(name), "a number", value.ValueKind);
        }

        return value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw FieldError.OutOfRange(At(name), "a number that fits 64 bits");
    }

    /// <summary>An object, or null when absent.</summary>
    public JsonFields? Object(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object
            ? new JsonFields(value, Path, name)
            : throw FieldError.WrongType(At(name), "an object", value.ValueKind);
    }

    /// <summary>A list, or null when absent.</summary>
    public JsonElement? List(string name) => !TryGet(name, out var value) ? null : value.ValueKind == JsonValueKind.Array
        ? value
        : throw FieldError.WrongType(At(name), "a list", value.ValueKind);

    /// <summary>A field as raw JSON, or null when absent.</summary>
    public string? Raw(string name) => TryGet(name, out var value) ? value.GetRawText() : null;

    /// <summary>Fields that are not among the known ones, kept as they came; null when there are none.</summary>
    public Extra? Unknown(string format, ReadOnlySpan<string> known) => Extras.Collect(Element, format, known);

    /// <summary>Takes a value as text.</summary>
    public static string Text(JsonElement value, string path) => Read(value) ?? throw NoText(value, path);

    // Null for what is no text.
    private static string? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static WireException NoText(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String ? FieldError.BadText(path) : FieldError.WrongType(path, "a string", value.ValueKind);

    // Clients of dynamic languages write 100.0 for 100.
    private static long? Whole(JsonElement value)
    {
        if (value.TryGetInt64(out var whole))
        {
            return whole;
        }

        return value.TryGetDecimal(out var number) && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;
    }
}
