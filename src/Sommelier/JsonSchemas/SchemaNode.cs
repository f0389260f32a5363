using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>One keyword of a schema, or several that belong together.</summary>
internal interface ISchemaRule
{
    /// <summary>Whether a value obeys; a rule about other kinds of values holds. A failure is noted in the walk.</summary>
    bool Holds(JsonElement value, SchemaWalk walk);
}

/// <summary>One schema of a document: all of its rules must hold. Filled after it was made, because schemas refer to each other.</summary>
internal sealed class SchemaNode
{
    private readonly List<ISchemaRule> rules = [];

    /// <summary>Whether null is allowed whatever the rules say (OpenAPI's <c>nullable</c>).</summary>
    public bool Nullable { get; set; }

    /// <summary>Adds a rule.</summary>
    public void Add(ISchemaRule rule) => rules.Add(rule);

    /// <summary>Whether a value obeys all of them.</summary>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (Nullable && value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        var holds = walk.Enter();
        foreach (var rule in rules)
        {
            if (!holds)
            {
                break;
            }

            holds = rule.Holds(value, walk);
        }

        walk.Leave();
        return holds && !walk.GivenUp;
    }
}

/// <summary>The schema <c>false</c>: nothing is allowed.</summary>
internal sealed class NothingRule : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk) => walk.Fail("is not allowed");
}

/// <summary>Several rules as one.</summary>
internal sealed class AllRule(IReadOnlyList<ISchemaRule> rules) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        foreach (var rule in rules)
        {
            if (!rule.Holds(value, walk))
            {
                return false;
            }
        }

        return true;
    }
}
