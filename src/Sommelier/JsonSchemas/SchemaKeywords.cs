using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>Every keyword that is known, and the rule that it makes.</summary>
internal static class SchemaKeywords
{
    /// <summary>Adds a keyword's rule.</summary>
    /// <param name="reader">Makes the nodes of inner schemas.</param>
    /// <param name="schema">The schema that the keyword stands in, for those that belong together.</param>
    /// <param name="keyword">The keyword.</param>
    /// <param name="here">Where it stands.</param>
    /// <param name="node">Takes the rule.</param>
    /// <returns>False when no rule could be made of it.</returns>
    public static bool Read(SchemaReader reader, JsonElement schema, JsonProperty keyword, string here, SchemaNode node)
    {
        var value = keyword.Value;
        switch (keyword.Name)
        {
            case "title" or "description" or "default" or "example" or "examples" or "$schema" or "$id" or "$comment" or "$defs" or "definitions"
                or "readOnly" or "writeOnly" or "deprecated" or "format" or "contentMediaType" or "contentEncoding" or "contentSchema"
                or "propertyOrdering" or "additionalProperties":
                return true;
            case "nullable":
                node.Nullable = value.ValueKind == JsonValueKind.True;
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False;
            case "properties" or "patternProperties":
                return value.ValueKind == JsonValueKind.Object;
            case "items":
                return value.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False;
            case "prefixItems":
                return value.ValueKind == JsonValueKind.Array;
            case "then" or "else":
                return true;
            case "minContains" or "maxContains":
                return schema.TryGetProperty("contains", out _) && Count(value) is not null;
            default:
                return RuleOf(reader, schema, keyword, here) is { } rule && Add(node, rule);
        }
    }

    private static ISchemaRule? RuleOf(SchemaReader reader, JsonElement schema, JsonProperty keyword, string here)
    {
        var value = keyword.Value;
        return keyword.Name switch
        {
            "type" => Types(value),
            "enum" => value.ValueKind == JsonValueKind.Array ? new OneOfValuesRule([.. value.EnumerateArray()]) : null,
            "const" => new OneOfValuesRule([value]),
            "minimum" => Number(NumberLimit.AtLeast, value),
            "maximum" => Number(NumberLimit.AtMost, value),
            "exclusiveMinimum" => Number(NumberLimit.Above, value),
            "exclusiveMaximum" => Number(NumberLimit.Below, value),
            "multipleOf" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var of) && of > 0 ? Number(NumberLimit.MultipleOf, value) : null,
            "minLength" => Count(value) is { } count ? new CountRule(JsonValueKind.String, true, count) : null,
            "maxLength" => Count(value) is { } count ? new CountRule(JsonValueKind.String, false, count) : null,
            "minItems" => Count(value) is { } count ? new CountRule(JsonValueKind.Array, true, count) : null,
            "maxItems" => Count(value) is { } count ? new CountRule(JsonValueKind.Array, false, count) : null,
            "minProperties" => Count(value) is { } count ? new CountRule(JsonValueKind.Object, true, count) : null,
            "maxProperties" => Count(value) is { } count ? new CountRule(JsonValueKind.Object, false, count) : null,
            "pattern" => value.ValueKind == JsonValueKind.String && EcmaPattern.Read(value.GetString()!) is { } pattern ? new PatternRule(pattern) : null,
            "uniqueItems" => value.ValueKind switch { JsonValueKind.True => new UniqueItemsRule(), JsonValueKind.False => new AllOfRule([]), _ => null },
            "required" => Names(value) is { } names ? new RequiredRule(names) : null,
            "dependentRequired" => Dependent(value),
            "propertyNames" => new PropertyNamesRule(reader.Node(value, here)),
            "contains" => Contains(reader, schema, value, here),
            "allOf" => reader.Nodes(value, here) is { } nodes ? new AllOfRule(nodes) : null,
            "anyOf" => reader.Nodes(value, here) is { } nodes ? new AnyOfRule(nodes) : null,
            "oneOf" => reader.Nodes(value, here) is { } nodes ? new OneOfRule(nodes, reader.Negated(here)) : null,
            "not" => new NotRule(reader.Node(value, here), reader.Negated(here)),
            "if" => new ConditionRule(reader.Node(value, here), Beside(reader, schema, here, "then"), Beside(reader, schema, here, "else"), reader.Negated(here)),
            "$ref" => reader.Referred(value) is { } target ? new AllOfRule([target]) : null,
            _ => null,
        };
    }

    private static bool Add(SchemaNode node, ISchemaRule rule)
    {
        node.Add(rule);
        return true;
    }

    private static TypeRule? Types(JsonElement value)
    {
        var names = value.ValueKind == JsonValueKind.String ? [value.GetString()!] : Names(value);
        if (names is null or [])
        {
            return null;
        }

        var types = ValueTypes.None;
        foreach (var name in names)
        {
            var type = TypeOf(name);
            if (type == ValueTypes.None)
            {
                return null;
            }

            types |= type;
        }

        return new TypeRule(types, string.Join(" or ", names));
    }

    private static ValueTypes TypeOf(string name) => name switch
    {
        "null" => ValueTypes.Null,
        "boolean" => ValueTypes.Boolean,
        "integer" => ValueTypes.Integer,
        "number" => ValueTypes.Number,
        "string" => ValueTypes.String,
        "array" => ValueTypes.Array,
        "object" => ValueTypes.Object,
        _ => ValueTypes.None,
    };

    private static NumberRule? Number(NumberLimit kind, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? new NumberRule(kind, value) : null;

    // Whole numbers may be written as 2.0.
    private static long? Count(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is >= 0 and < 1e15 && number == Math.Floor(number) ? (long)number : null;

    private static List<string>? Names(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var names = new List<string>(value.GetArrayLength());
        foreach (var name in value.EnumerateArray())
        {
            if (name.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            names.Add(name.GetString()!);
        }

        return names;
    }

    private static ContainsRule? Contains(SchemaReader reader, JsonElement schema, JsonElement value, string here)
    {
        var least = schema.TryGetProperty("minContains", out var min) ? Count(min) : 1;
        var most = schema.TryGetProperty("maxContains", out var max) ? Count(max) : null;
        return new ContainsRule(reader.Node(value, here), least ?? 1, most, most is null ? new() : reader.Negated(here));
    }

    private static AllRule? Dependent(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var rules = new List<ISchemaRule>();
        foreach (var dependency in value.EnumerateObject())
        {
            if (Names(dependency.Value) is not { } names)
            {
                return null;
            }

            rules.Add(new RequiredRule(names, dependency.Name));
        }

        return new AllRule(rules);
    }

    private static SchemaNode? Beside(SchemaReader reader, JsonElement schema, string here, string name) =>
        schema.TryGetProperty(name, out var value) ? reader.Node(value, SchemaPointer.Of(here[..here.LastIndexOf('/')], name)) : null;
}
