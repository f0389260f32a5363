using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>A JSON Schema that JSON values are checked against: the strict subset of draft 2020-12 that models are asked for.</summary>
/// <remarks>
/// <para>
/// Checked: <c>type</c>, <c>enum</c>, <c>const</c>, <c>required</c>, <c>properties</c>, <c>patternProperties</c>,
/// <c>additionalProperties</c>, <c>propertyNames</c>, <c>dependentRequired</c>, <c>items</c>, <c>prefixItems</c>,
/// <c>contains</c>, <c>uniqueItems</c>, <c>anyOf</c>, <c>oneOf</c>, <c>allOf</c>, <c>not</c>, <c>if</c>/<c>then</c>/<c>else</c>,
/// <c>$ref</c> inside the document, <c>pattern</c>, the limits of numbers, lengths and counts, and OpenAPI's <c>nullable</c>.
/// Annotations, <c>format</c> among them, say nothing about validity, as the draft has it. Whatever else stands in a schema
/// is listed in <see cref="Unchecked"/>: it never passes for checked.
/// </para>
/// <para>Immutable; safe for use by many threads at once. A check is bounded in time and depth.</para>
/// </remarks>
internal sealed class JsonSchema
{
    private readonly SchemaNode root;

    private JsonSchema(SchemaNode root, IReadOnlyList<string> leftOut) => (this.root, Unchecked) = (root, leftOut);

    /// <summary>Where keywords stand that are not checked, as JSON pointers (<c>#/properties/id/unevaluatedItems</c>); empty when all are.</summary>
    public IReadOnlyList<string> Unchecked { get; }

    /// <summary>Reads a schema. A keyword that it does not know, or whose value is not as the draft demands, goes to <see cref="Unchecked"/>.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonSchema Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement);
    }

    /// <summary>Reads a schema out of a document, which may be disposed afterwards.</summary>
    public static JsonSchema Read(JsonElement schema)
    {
        var reader = new SchemaReader(schema.Clone());
        var root = reader.Root();
        return new(root, reader.Unchecked);
    }

    /// <summary>Checks a value.</summary>
    /// <returns>The first violation; null when the value matches in all that is checked.</returns>
    public SchemaViolation? Check(JsonElement value)
    {
        var walk = new SchemaWalk();
        try
        {
            return root.Holds(value, walk) ? null : walk.Violation;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair in a text.
            return walk.Here("must not hold text that is no Unicode");
        }
    }
}

/// <summary>Where and how a value departs from its schema, in words that quote nothing of the value.</summary>
/// <param name="Path">A JSON path, e.g. <c>$.items[2].price</c>. A name that only the value knows, not the schema, is <c>*</c>.</param>
/// <param name="Rule">What is demanded there, e.g. <c>must be a number</c>.</param>
/// <param name="Depth">How deep in the value it stands.</param>
internal sealed record SchemaViolation(string Path, string Rule, int Depth)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path} {Rule}";
}
