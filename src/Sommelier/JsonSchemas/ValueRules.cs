using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>The kinds of values that a schema tells apart.</summary>
[Flags]
internal enum ValueTypes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>null</c>.</summary>
    Null = 1,

    /// <summary><c>boolean</c>.</summary>
    Boolean = 2,

    /// <summary><c>integer</c>: a number without a fraction, however it is written.</summary>
    Integer = 4,

    /// <summary><c>number</c>.</summary>
    Number = 8,

    /// <summary><c>string</c>.</summary>
    String = 16,

    /// <summary><c>array</c>.</summary>
    Array = 32,

    /// <summary><c>object</c>.</summary>
    Object = 64,
}

/// <summary><c>type</c>.</summary>
/// <param name="allowed">The types.</param>
/// <param name="words">The types as the schema names them.</param>
internal sealed class TypeRule(ValueTypes allowed, string words) : ISchemaRule
{
    private readonly string rule = $"must be of type {words}";

    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk) => (Of(value) & allowed) != ValueTypes.None || walk.Fail(rule);

    private ValueTypes Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => ValueTypes.Null,
        JsonValueKind.True or JsonValueKind.False => ValueTypes.Boolean,
        JsonValueKind.String => ValueTypes.String,
        JsonValueKind.Array => ValueTypes.Array,
        JsonValueKind.Object => ValueTypes.Object,
        _ => allowed.HasFlag(ValueTypes.Integer) && JsonNumbers.IsWhole(value) ? ValueTypes.Integer | ValueTypes.Number : ValueTypes.Number,
    };
}

/// <summary><c>enum</c> and <c>const</c>.</summary>
/// <param name="values">What is allowed.</param>
internal sealed class OneOfValuesRule(IReadOnlyList<JsonElement> values) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (!walk.Spend(values.Count))
        {
            return false;
        }

        foreach (var allowed in values)
        {
            if (JsonElement.DeepEquals(allowed, value))
            {
                return true;
            }
        }

        return walk.Fail(values.Count == 1 ? "must be the value that the schema names" : "must be one of the values that the schema lists");
    }
}
