using System.Globalization;
using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary><c>prefixItems</c> for the first items, <c>items</c> for the rest.</summary>
/// <param name="first">The schemas of the first items.</param>
/// <param name="rest">The schema of the rest; null when anything goes.</param>
internal sealed class ItemsRule(IReadOnlyList<SchemaNode> first, SchemaNode? rest) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var node = index < first.Count ? first[index] : rest;
            if (node is null)
            {
                return true;
            }

            walk.Into(index++);
            var holds = node.Holds(item, walk);
            walk.Up();
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary><c>uniqueItems</c>.</summary>
internal sealed class UniqueItemsRule : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        var seen = new List<JsonElement>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            if (!walk.Spend(seen.Count))
            {
                return false;
            }

            foreach (var before in seen)
            {
                if (before.ValueKind == item.ValueKind && JsonElement.DeepEquals(before, item))
                {
                    return walk.Fail("must not hold the same item twice");
                }
            }

            seen.Add(item);
        }

        return true;
    }
}

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>.</summary>
internal sealed class ContainsRule(SchemaNode node, long least, long? most, SchemaCoverage coverage) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return true;
        }

        long count = 0;
        foreach (var item in value.EnumerateArray())
        {
            count += node.Holds(item, walk) ? 1 : 0;
            if (walk.GivenUp)
            {
                return false;
            }
        }

        return count < least ? walk.Fail(string.Create(CultureInfo.InvariantCulture, $"must hold at least {least} items of the kind that 'contains' names"))
            : !(count > most) || !coverage.IsWhole || walk.Fail(string.Create(CultureInfo.InvariantCulture, $"must hold at most {most} items of the kind that 'contains' names"));
    }
}
