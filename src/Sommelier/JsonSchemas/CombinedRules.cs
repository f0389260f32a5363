using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>Whether every keyword of a document is checked.</summary>
/// <remarks>
/// A keyword that is left out lets more values through. Under <c>not</c> and its like that would refuse good values, so these
/// are left out too then.
/// </remarks>
internal sealed class SchemaCoverage
{
    /// <summary>Whether it is so; known once the document has been read.</summary>
    public bool IsWhole { get; set; } = true;
}

/// <summary><c>allOf</c> and <c>$ref</c>: each must hold.</summary>
internal sealed class AllOfRule(IReadOnlyList<SchemaNode> nodes) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        foreach (var node in nodes)
        {
            if (!node.Holds(value, walk))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary><c>anyOf</c>: one must hold. When none does, the violation is that of the form that fitted furthest down.</summary>
internal sealed class AnyOfRule(IReadOnlyList<SchemaNode> nodes) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        SchemaViolation? deepest = null;
        foreach (var node in nodes)
        {
            if (node.Holds(value, walk))
            {
                return true;
            }

            if (walk.GivenUp)
            {
                return false;
            }

            deepest = deepest is null || walk.Violation!.Depth > deepest.Depth ? walk.Violation : deepest;
        }

        if (deepest is null || deepest.Depth <= walk.Depth)
        {
            return walk.Fail("must match one of the forms that the schema lists");
        }

        walk.Violation = deepest;
        return false;
    }
}

/// <summary><c>oneOf</c>: exactly one must hold; at least one, where not all of the document is checked.</summary>
internal sealed class OneOfRule(IReadOnlyList<SchemaNode> nodes, SchemaCoverage coverage) : ISchemaRule
{
    private readonly AnyOfRule any = new(nodes);

    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (!coverage.IsWhole)
        {
            return any.Holds(value, walk);
        }

        var count = 0;
        foreach (var node in nodes)
        {
            count += node.Holds(value, walk) ? 1 : 0;
            if (walk.GivenUp)
            {
                return false;
            }
        }

        return count == 1 || (count == 0 ? any.Holds(value, walk) : walk.Fail("must match only one of the forms that the schema lists"));
    }
}

/// <summary><c>not</c>: must not hold.</summary>
internal sealed class NotRule(SchemaNode node, SchemaCoverage coverage) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk) =>
        !coverage.IsWhole || !node.Holds(value, walk) ? !walk.GivenUp : walk.Fail("must not match the schema's 'not'");
}

/// <summary><c>if</c>, <c>then</c>, <c>else</c>.</summary>
internal sealed class ConditionRule(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise, SchemaCoverage coverage) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (!coverage.IsWhole)
        {
            return true;
        }

        var holds = condition.Holds(value, walk);
        return !walk.GivenUp && ((holds ? then : otherwise)?.Holds(value, walk) ?? true);
    }
}
