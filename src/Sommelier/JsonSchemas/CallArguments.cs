using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>The arguments of a call, as a model wrote them, and whether they match the tool's schema.</summary>
internal static class CallArguments
{
    /// <summary>What is wrong with a call's arguments; null: nothing.</summary>
    /// <param name="tool">The tool's name, for the words.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="schema">The schema of the tool's parameters as JSON; null where it has none.</param>
    public static string? Violation(string tool, string arguments, string? schema) =>
        Read(arguments) is not { } value ? $"the arguments of {tool} are not JSON"
        : schema is not null && StrictJson.Parse(schema) is { ValueKind: JsonValueKind.Object } rules && JsonSchema.Read(rules).Check(value) is { } violation ? $"{tool}: {violation}"
        : null;

    /// <summary>A call's arguments; none at all are an empty object. Null when they are no JSON.</summary>
    public static JsonElement? Read(string arguments) => StrictJson.Parse(arguments.Length == 0 ? "{}" : arguments);
}
