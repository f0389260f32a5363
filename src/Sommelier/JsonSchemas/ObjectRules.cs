using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sommelier.JsonSchemas;

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>, which belong together.</summary>
/// <param name="named">Schemas by name.</param>
/// <param name="patterns">Schemas by the pattern of the name.</param>
/// <param name="others">The schema of all others; null when anything goes.</param>
/// <param name="othersForbidden">Whether there must be no others.</param>
internal sealed class PropertiesRule(
    IReadOnlyDictionary<string, SchemaNode> named, IReadOnlyList<(Regex Pattern, SchemaNode Node)> patterns, SchemaNode? others, bool othersForbidden) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (!walk.Spend(1) || !Holds(property.Name, property.Value, walk))
            {
                return false;
            }
        }

        return true;
    }

    private bool Holds(string name, JsonElement value, SchemaWalk walk)
    {
        var known = named.TryGetValue(name, out var node);
        if (known && !Holds(node!, name, value, walk))
        {
            return false;
        }

        foreach (var (pattern, of) in patterns)
        {
            if (pattern.IsMatch(name))
            {
                known = true;
                if (!Holds(of, null, value, walk))
                {
                    return false;
                }
            }
        }

        if (known)
        {
            return true;
        }

        return othersForbidden
            ? walk.Fail("has a property that the schema does not allow")
            : others is null || Holds(others, null, value, walk);
    }

    private static bool Holds(SchemaNode node, string? name, JsonElement value, SchemaWalk walk)
    {
        walk.Into(name);
        var holds = node.Holds(value, walk);
        walk.Up();
        return holds;
    }
}

/// <summary><c>required</c>, and <c>dependentRequired</c> when another property is there.</summary>
/// <param name="names">What must be there.</param>
/// <param name="when">Only if this property is there; null: always.</param>
internal sealed class RequiredRule(IReadOnlyList<string> names, string? when = null) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (value.ValueKind != JsonValueKind.Object || (when is not null && !value.TryGetProperty(when, out _)))
        {
            return true;
        }

        foreach (var name in names)
        {
            if (!walk.Spend(1))
            {
                return false;
            }

            if (!value.TryGetProperty(name, out _))
            {
                walk.Into(name);
                walk.Fail("is required");
                walk.Up();
                return false;
            }
        }

        return true;
    }
}

/// <summary><c>propertyNames</c>: each name, as a string, must obey.</summary>
internal sealed class PropertyNamesRule(SchemaNode node) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (!node.Holds(Text(property.Name), walk))
            {
                return walk.Fail("has a property whose name the schema does not allow");
            }
        }

        return true;
    }

    private static JsonElement Text(string name)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(name.Length + 16);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStringValue(name);
        }

        using var document = JsonDocument.Parse(bytes.WrittenMemory);
        return document.RootElement.Clone();
    }
}
