using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Evals.Json;

namespace Sommelier.Evals.ToolCalls;

/// <summary>What a tool's schema says of its arguments, as far as calls are compared with wanted ones.</summary>
internal sealed class OfferedTool
{
    private readonly Dictionary<string, string?> types = new(StringComparer.Ordinal);

    private OfferedTool(JsonElement schema)
    {
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                types[property.Name] = property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
            }
        }

        if (schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            Required = [.. required.EnumerateArray().Where(static name => name.ValueKind == JsonValueKind.String).Select(static name => name.GetString()!)];
        }
    }

    /// <summary>The arguments that a call must have.</summary>
    public IReadOnlyList<string> Required { get; } = [];

    /// <summary>What a tool's schema says; null without a readable one.</summary>
    public static OfferedTool? Read(ToolDefinition? tool) =>
        tool?.ParametersSchema is { } text && JsonText.Parse(text) is { ValueKind: JsonValueKind.Object } schema ? new(schema) : null;

    /// <summary>Whether it has an argument.</summary>
    public bool Has(string name) => types.ContainsKey(name);

    /// <summary>Whether an argument is a whole number.</summary>
    public bool IsInteger(string name) => types.GetValueOrDefault(name) is "integer";
}
