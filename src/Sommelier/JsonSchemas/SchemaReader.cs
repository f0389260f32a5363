using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sommelier.JsonSchemas;

/// <summary>Makes rules of a schema document's keywords.</summary>
/// <param name="document">The document.</param>
internal sealed class SchemaReader(JsonElement document)
{
    private readonly Dictionary<string, SchemaNode> nodes = new(StringComparer.Ordinal);
    private readonly List<string> leftOut = [];
    private readonly List<string> negated = [];
    private readonly SchemaCoverage coverage = new();

    /// <summary>Where keywords stand of which no rule could be made.</summary>
    public IReadOnlyList<string> Unchecked => leftOut;

    /// <summary>The whole document's node.</summary>
    public SchemaNode Root()
    {
        var root = Node(document, "#");
        if (leftOut.Count > 0)
        {
            coverage.IsWhole = false;
            leftOut.AddRange(negated);
        }

        return root;
    }

    /// <summary>Notes a keyword that can only be checked when all of the document is.</summary>
    public SchemaCoverage Negated(string pointer)
    {
        negated.Add(pointer);
        return coverage;
    }

    /// <summary>The node of a schema: the same one for the same place.</summary>
    public SchemaNode Node(JsonElement schema, string pointer)
    {
        if (nodes.TryGetValue(pointer, out var known))
        {
            return known;
        }

        var node = nodes[pointer] = new SchemaNode();
        switch (schema.ValueKind)
        {
            case JsonValueKind.Object:
                Read(schema, pointer, node);
                break;
            case JsonValueKind.False:
                node.Add(new NothingRule());
                break;
            case JsonValueKind.True:
                break;
            default:
                leftOut.Add(pointer);
                break;
        }

        return node;
    }

    /// <summary>The nodes of a list of schemas; null when it is none.</summary>
    public IReadOnlyList<SchemaNode>? Nodes(JsonElement list, string pointer)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            return null;
        }

        var all = new List<SchemaNode>(list.GetArrayLength());
        foreach (var schema in list.EnumerateArray())
        {
            all.Add(Node(schema, SchemaPointer.Of(pointer, all.Count)));
        }

        return all;
    }

    /// <summary>The node that a reference names; null when it is outside the document, or nowhere.</summary>
    public SchemaNode? Referred(JsonElement reference) =>
        reference.ValueKind == JsonValueKind.String && SchemaPointer.Find(document, reference.GetString()!) is ({ } target, { } pointer)
            ? Node(target, pointer)
            : null;

    private void Read(JsonElement schema, string pointer, SchemaNode node)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            var here = SchemaPointer.Of(pointer, keyword.Name);
            if (!SchemaKeywords.Read(this, schema, keyword, here, node))
            {
                leftOut.Add(here);
            }
        }

        Properties(schema, pointer, node);
        Items(schema, pointer, node);
    }

    private void Properties(JsonElement schema, string pointer, SchemaNode node)
    {
        var named = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        var patterns = new List<(Regex, SchemaNode)>();
        var isComplete = true;
        foreach (var property in Members(schema, "properties"))
        {
            named[property.Name] = Node(property.Value, SchemaPointer.Of(pointer, "properties", property.Name));
        }

        foreach (var property in Members(schema, "patternProperties"))
        {
            var here = SchemaPointer.Of(pointer, "patternProperties", property.Name);
            if (EcmaPattern.Read(property.Name) is { } pattern)
            {
                patterns.Add((pattern, Node(property.Value, here)));
            }
            else
            {
                leftOut.Add(here);
                isComplete = false;
            }
        }

        var hasOthers = schema.TryGetProperty("additionalProperties", out var others);
        if (hasOthers && !isComplete)
        {
            // Which properties are the others is not known without the patterns.
            leftOut.Add(SchemaPointer.Of(pointer, "additionalProperties"));
            hasOthers = false;
        }

        if (named.Count + patterns.Count > 0 || hasOthers)
        {
            var isForbidden = hasOthers && others.ValueKind == JsonValueKind.False;
            node.Add(new PropertiesRule(
                named, patterns, hasOthers && !isForbidden ? Node(others, SchemaPointer.Of(pointer, "additionalProperties")) : null, isForbidden));
        }
    }

    private void Items(JsonElement schema, string pointer, SchemaNode node)
    {
        var first = schema.TryGetProperty("prefixItems", out var list) ? Nodes(list, SchemaPointer.Of(pointer, "prefixItems")) ?? [] : [];
        var rest = schema.TryGetProperty("items", out var items) && items.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False
            ? Node(items, SchemaPointer.Of(pointer, "items"))
            : null;
        if (first.Count > 0 || rest is not null)
        {
            node.Add(new ItemsRule(first, rest));
        }
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var members) && members.ValueKind == JsonValueKind.Object ? members.EnumerateObject() : default;
}
