using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.JsonSchemas;

/// <summary>Whether a call is one of a tool that was offered, with arguments that match its schema.</summary>
internal static class ToolCallSchema
{
    // Comparing and checking recurse.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    /// <summary>What is wrong with a call; null: nothing.</summary>
    /// <param name="call">The call.</param>
    /// <param name="tools">What was offered.</param>
    public static string? Violation(ToolCallPart call, IReadOnlyList<ToolDefinition> tools)
    {
        if (tools.FirstOrDefault(tool => string.Equals(tool.Name, call.Name, StringComparison.Ordinal)) is not { } tool)
        {
            return $"{call.Name} was not offered";
        }

        if (Arguments(call) is not { } arguments)
        {
            return $"the arguments of {call.Name} are not JSON";
        }

        return tool.ParametersSchema is { } schema && Parse(schema) is { ValueKind: JsonValueKind.Object } rules && JsonSchema.Read(rules).Check(arguments) is { } violation ? $"{call.Name}: {violation}" : null;
    }

    /// <summary>A call's arguments; none at all are an empty object. Null when they are no JSON.</summary>
    public static JsonElement? Arguments(ToolCallPart call) => Parse(call.Arguments.Length == 0 ? "{}" : call.Arguments);

    /// <summary>A text as JSON; null when it is none.</summary>
    public static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return document.RootElement.Clone();
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            // The second: half of a surrogate pair.
            return null;
        }
    }
}
