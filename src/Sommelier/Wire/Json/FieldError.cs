using System.Text.Json;

namespace Sommelier.Wire.Json;

/// <summary>The words in which a request's faults are told: which field, what is wrong, what to send instead.</summary>
internal static class FieldError
{
    /// <summary>A field of the wrong type.</summary>
    public static WireException WrongType(string path, string expected, JsonTokenType actual) =>
        WireException.Invalid(path, $"'{path}' must be {expected}, not {Name(actual)}.");

    /// <inheritdoc cref="WrongType(string, string, JsonTokenType)"/>
    public static WireException WrongType(string path, string expected, JsonValueKind actual) =>
        WireException.Invalid(path, $"'{path}' must be {expected}, not {Name(actual)}.");

    /// <summary>A field that every request must have.</summary>
    public static WireException Missing(string path, string expected) =>
        WireException.Invalid(path, $"'{path}' is missing. Send {expected}.");

    /// <summary>A field that stands twice in one object: readers disagree on which one counts, so none does.</summary>
    public static WireException Duplicate(string path) =>
        WireException.Invalid(path, $"'{path}' is given twice. Send it once.");

    /// <summary>A word outside the ones that are known.</summary>
    public static WireException Unknown(string path, string? value, string known) =>
        WireException.Invalid(path, $"'{path}' is '{Shorten(value)}'. Send one of: {known}.");

    /// <summary>A number outside its range.</summary>
    public static WireException OutOfRange(string path, string expected) =>
        WireException.Invalid(path, $"'{path}' must be {expected}.");

    /// <summary>Text whose escapes do not make characters.</summary>
    public static WireException BadText(string path) =>
        WireException.Invalid(path, $"'{path}' holds half of a surrogate pair (\\ud800 to \\udfff alone). Send whole characters.");

    /// <summary>Joins a path and a name: <c>messages[2]</c> and <c>content</c>.</summary>
    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shorten(string? value) => value is null ? "" : value.Length <= 60 ? value : string.Concat(value.AsSpan(0, 57), "...");

    private static string Name(JsonTokenType type) => type switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        _ => "nothing",
    };

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };
}
