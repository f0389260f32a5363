using System.Text.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>The words in which the Messages API tells a request's faults, <c>field: what</c>, with the remedy added.</summary>
internal static class AnthropicFault
{
    /// <summary>A field that must be there.</summary>
    public static WireException Missing(string path, string remedy) =>
        WireException.Invalid(path, $"{path}: field required. {remedy}");

    /// <summary>A field of the wrong type or value.</summary>
    public static WireException Wrong(string path, string expected, JsonTokenType actual) =>
        WireException.Invalid(path, $"{path}: must be {expected}, not {Name(actual)}.");

    /// <summary>A field of a wrong value.</summary>
    public static WireException Wrong(string path, string expected) => WireException.Invalid(path, $"{path}: must be {expected}.");

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
}
