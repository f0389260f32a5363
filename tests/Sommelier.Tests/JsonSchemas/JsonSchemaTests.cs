using System.Text.Json;
using Sommelier.JsonSchemas;

namespace Sommelier.Tests.JsonSchemas;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object"}""", "{}", null)]
    [InlineData("""{"type":"object"}""", "[]", "$ must be of type object")]
    [InlineData("""{"type":["string","null"]}""", "null", null)]
    [InlineData("""{"type":["string","null"]}""", "1", "$ must be of type string or null")]
    [InlineData("""{"type":"integer"}""", "1.0", null)]
    [InlineData("""{"type":"integer"}""", "1e3", null)]
    [InlineData("""{"type":"integer"}""", "1e400", "$ must be of type integer")]
    [InlineData("""{"type":"integer"}""", "1.5", "$ must be of type integer")]
    [InlineData("""{"type":"integer"}""", "123456789012345678901234567890123456789", null)]
    [InlineData("""{"type":"number"}""", "1.5", null)]
    [InlineData("""{"type":"number"}""", "\"1\"", "$ must be of type number")]
    [InlineData("""{"type":"boolean"}""", "false", null)]
    [InlineData("""{"type":"string","nullable":true}""", "null", null)]
    [InlineData("""{"type":"string","nullable":false}""", "null", "$ must be of type string")]
    [InlineData("true", "1", null)]
    [InlineData("false", "1", "$ is not allowed")]
    [InlineData("{}", "1", null)]
    [InlineData("""{"enum":["a",1,{"b":[2]}]}""", "1.0", null)]
    [InlineData("""{"enum":["a",1,{"b":[2]}]}""", """{"b":[2]}""", null)]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "$ must be one of the values that the schema lists")]
    [InlineData("""{"const":null}""", "null", null)]
    [InlineData("""{"const":{"a":1,"b":2}}""", """{"b":2,"a":1}""", null)]
    [InlineData("""{"const":"a"}""", "\"b\"", "$ must be the value that the schema names")]
    public void Checks_what_a_value_is(string schema, string value, string? violation) => Check(schema, value, violation);

    [Theory]
    [InlineData("""{"minimum":3}""", "3", null)]
    [InlineData("""{"minimum":3}""", "2.9", "$ must be at least 3")]
    [InlineData("""{"maximum":3}""", "3.1", "$ must be at most 3")]
    [InlineData("""{"exclusiveMinimum":3}""", "3", "$ must be more than 3")]
    [InlineData("""{"exclusiveMaximum":3}""", "3", "$ must be less than 3")]
    [InlineData("""{"minimum":0.1}""", "0.1", null)]
    [InlineData("""{"maximum":1e300}""", "1e301", "$ must be at most 1e300")]
    [InlineData("""{"multipleOf":0.1}""", "0.3", null)]
    [InlineData("""{"multipleOf":0.1}""", "0.35", "$ must be a multiple of 0.1")]
    [InlineData("""{"minimum":3}""", "\"x\"", null)]
    [InlineData("""{"minLength":2,"maxLength":3}""", "\"ab\"", null)]
    [InlineData("""{"minLength":2}""", "\"\\ud83d\\ude00\"", "$ must have at least 2 characters")]
    [InlineData("""{"maxLength":1}""", "\"😀\"", null)]
    [InlineData("""{"maxLength":1}""", "\"ab\"", "$ must have at most 1 characters")]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"abc\"", null)]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"abc\\n\"", "$ must match the schema's pattern")]
    [InlineData("""{"pattern":"b"}""", "\"abc\"", null)]
    [InlineData("""{"pattern":"^\\d+$"}""", "\"٣\"", "$ must match the schema's pattern")]
    [InlineData("""{"pattern":"^[\\w-]+$"}""", "\"a-b_1\"", null)]
    [InlineData("""{"pattern":"^.$"}""", "\"😀\"", null)]
    [InlineData("""{"pattern":"^.$"}""", "\"\\r\"", "$ must match the schema's pattern")]
    [InlineData("""{"pattern":"^[a-z[]$"}""", "\"[\"", null)]
    [InlineData("""{"format":"email"}""", "\"no address\"", null)]
    public void Checks_numbers_and_texts(string schema, string value, string? violation) => Check(schema, value, violation);

    [Theory]
    [InlineData("""{"required":["a"]}""", "{}", "$.a is required")]
    [InlineData("""{"required":["a"]}""", "[]", null)]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"b":1}""", null)]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"a":1}""", "$.a must be of type string")]
    [InlineData("""{"properties":{"a b":{"type":"string"}}}""", """{"a b":1}""", "$['a b'] must be of type string")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"a":1,"secret":2}""", "$ has a property that the schema does not allow")]
    [InlineData("""{"additionalProperties":{"type":"number"}}""", """{"secret":"x"}""", "$.* must be of type number")]
    [InlineData("""{"patternProperties":{"^x-":{"type":"number"}},"additionalProperties":false}""", """{"x-a":1}""", null)]
    [InlineData("""{"patternProperties":{"^x-":{"type":"number"}}}""", """{"x-a":"1"}""", "$.* must be of type number")]
    [InlineData("""{"propertyNames":{"pattern":"^[a-z]+$"}}""", """{"A":1}""", "$ has a property whose name the schema does not allow")]
    [InlineData("""{"minProperties":1}""", "{}", "$ must have at least 1 properties")]
    [InlineData("""{"maxProperties":1}""", """{"a":1,"b":2}""", "$ must have at most 1 properties")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "$.b is required")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"c":1}""", null)]
    [InlineData("""{"items":{"properties":{"price":{"type":"number"}}}}""", """[{"price":1},{"price":"x"}]""", "$[1].price must be of type number")]
    [InlineData("""{"prefixItems":[{"type":"string"},{"type":"number"}],"items":false}""", """["a",1]""", null)]
    [InlineData("""{"prefixItems":[{"type":"string"},{"type":"number"}],"items":false}""", """["a",1,2]""", "$[2] is not allowed")]
    [InlineData("""{"prefixItems":[{"type":"string"}]}""", """["a",1,2]""", null)]
    [InlineData("""{"minItems":1}""", "[]", "$ must have at least 1 items")]
    [InlineData("""{"maxItems":2.0}""", "[1,2,3]", "$ must have at most 2 items")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",[1],{"a":1}]""", null)]
    [InlineData("""{"uniqueItems":true}""", """[{"a":1,"b":2},{"b":2.0,"a":1}]""", "$ must not hold the same item twice")]
    [InlineData("""{"uniqueItems":false}""", "[1,1]", null)]
    [InlineData("""{"contains":{"type":"string"}}""", "[1]", "$ must hold at least 1 items of the kind that 'contains' names")]
    [InlineData("""{"contains":{"type":"string"},"minContains":0,"maxContains":1}""", """["a","b"]""", "$ must hold at most 1 items of the kind that 'contains' names")]
    public void Checks_objects_and_lists(string schema, string value, string? violation) => Check(schema, value, violation);

    [Theory]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"number"}]}""", "1", null)]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"number"}]}""", "[]", "$ must match one of the forms that the schema lists")]
    [InlineData("""{"anyOf":[{"type":"null"},{"properties":{"a":{"type":"string"}}}]}""", """{"a":1}""", "$.a must be of type string")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "1.5", "$ must match one of the forms that the schema lists")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "3", "$ must match only one of the forms that the schema lists")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "1", null)]
    [InlineData("""{"allOf":[{"type":"integer"},{"minimum":2}]}""", "1", "$ must be at least 2")]
    [InlineData("""{"not":{"type":"string"}}""", "1", null)]
    [InlineData("""{"not":{"type":"string"}}""", "\"a\"", "$ must not match the schema's 'not'")]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", """{"a":1}""", "$.b is required")]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", "{}", "$.c is required")]
    [InlineData("""{"if":{"required":["a"]},"then":{"required":["b"]}}""", "{}", null)]
    [InlineData("""{"$ref":"#/$defs/a~1b%20c","$defs":{"a/b c":{"type":"string"}}}""", "1", "$ must be of type string")]
    [InlineData("""{"items":{"$ref":"#/definitions/n"},"definitions":{"n":{"type":"string"}}}""", "[1]", "$[0] must be of type string")]
    [InlineData("""{"$ref":"#/$defs/n","maximum":1,"$defs":{"n":{"type":"number"}}}""", "2", "$ must be at most 1")]
    [InlineData("""{"anyOf":[{"type":"string"},{"$ref":"#/anyOf/0"}]}""", "1", "$ must match one of the forms that the schema lists")]
    [InlineData("""{"type":"object","required":["value"],"properties":{"value":{"type":"number"},"next":{"anyOf":[{"type":"null"},{"$ref":"#"}]}}}""", """{"value":1,"next":{"value":2,"next":{"next":null}}}""", "$.next.next.value is required")]
    public void Checks_combinations_and_references(string schema, string value, string? violation) => Check(schema, value, violation);

    [Theory]
    [InlineData("""{"type":"strng"}""", "#/type")]
    [InlineData("""{"required":true}""", "#/required")]
    [InlineData("""{"properties":{"a":{"unevaluatedProperties":false}}}""", "#/properties/a/unevaluatedProperties")]
    [InlineData("""{"items":[{"type":"string"}],"additionalItems":false}""", "#/items, #/additionalItems")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "#/$ref")]
    [InlineData("""{"$ref":"#/$defs/missing"}""", "#/$ref")]
    [InlineData("""{"$ref":"#anchor"}""", "#/$ref")]
    [InlineData("""{"pattern":"(?=x)"}""", "#/pattern")]
    [InlineData("""{"pattern":"(a)\\1"}""", "#/pattern")]
    [InlineData("""{"pattern":"["}""", "#/pattern")]
    [InlineData("""{"pattern":"\\bword\\b"}""", "#/pattern")]
    [InlineData("""{"exclusiveMinimum":true,"minimum":1}""", "#/exclusiveMinimum")]
    [InlineData("""{"multipleOf":0}""", "#/multipleOf")]
    [InlineData("""{"anyOf":[]}""", "#/anyOf")]
    [InlineData("""{"patternProperties":{"(?=x)":{}},"additionalProperties":false}""", "#/patternProperties/(?=x), #/additionalProperties")]
    [InlineData("""{"x/y":1}""", "#/x~1y")]
    [InlineData("[]", "#")]
    [InlineData("""{"not":{"pattern":"(?=x)"}}""", "#/not/pattern, #/not")]
    [InlineData("""{"oneOf":[{"type":"strng"},{}]}""", "#/oneOf/0/type, #/oneOf")]
    [InlineData("""{"if":{"foo":1},"then":false}""", "#/if/foo, #/if")]
    [InlineData("""{"contains":{"foo":1},"maxContains":0}""", "#/contains/foo, #/contains")]
    [InlineData("""{"contains":{"foo":1}}""", "#/contains/foo")]
    [InlineData("""{"title":"t","description":"d","default":1,"examples":[1],"$schema":"s","$id":"i","$comment":"c","$defs":{},"format":"date","deprecated":true}""", "")]
    public void What_is_not_checked_is_listed(string schema, string expected) =>
        Assert.Equal(expected, string.Join(", ", JsonSchema.Parse(schema).Unchecked));

    [Theory]
    [InlineData("""{"not":{"pattern":"(?=x)"}}""", "\"a\"")]
    [InlineData("""{"oneOf":[{"pattern":"(?=x)"},{"type":"string"}]}""", "\"a\"")]
    [InlineData("""{"if":{"foo":1},"then":false}""", "1")]
    [InlineData("""{"contains":{"foo":1},"minContains":0,"maxContains":0}""", "[1]")]
    public void What_is_not_checked_never_refuses_a_good_value(string schema, string value) => Check(schema, value, null);

    [Theory]
    [InlineData("""{"$ref":"#"}""", "1")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""", "1")]
    [InlineData("""{"not":{"$ref":"#"}}""", "1")]
    [InlineData("""{"$defs":{"a":{"anyOf":[{"type":"array","items":{"$ref":"#/$defs/a"}},{"type":"array","items":{"$ref":"#/$defs/a"}}]}},"$ref":"#/$defs/a"}""", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void A_schema_without_end_is_given_up_and_never_passes(string schema, string value)
    {
        var violation = Validate(schema, value);
        Assert.Contains("cannot be checked", violation!.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Twice_the_same_among_very_many_items_is_given_up_in_time()
    {
        var violation = Validate("""{"uniqueItems":true}""", "[" + string.Join(',', Enumerable.Range(0, 100_000)) + "]");
        Assert.Contains("cannot be checked", violation!.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_takes_time_that_grows_with_the_text_only() =>
        Check("""{"pattern":"^(a+)+$"}""", $"\"{new string('a', 50_000)}b\"", "$ must match the schema's pattern");

    [Fact]
    public void Text_that_makes_no_characters_is_a_violation_not_a_crash() =>
        Check("""{"minLength":1}""", "\"\\ud800\"", "$ must not hold text that is no Unicode");

    [Fact]
    public void The_deepest_of_many_levels_still_holds()
    {
        var (value, schema) = ("1", """{"type":"number"}""");
        for (var level = 0; level < 30; level++)
        {
            (value, schema) = ($$"""{"a":{{value}}}""", $$"""{"type":"object","properties":{"a":{{schema}}},"required":["a"],"additionalProperties":false}""");
        }

        Check(schema, value, null);
        Check(schema, value.Replace("1", "\"1\"", StringComparison.Ordinal), "$" + string.Concat(Enumerable.Repeat(".a", 30)) + " must be of type number");
    }

    private static void Check(string schema, string value, string? violation) => Assert.Equal(violation, Validate(schema, value)?.ToString());

    private static SchemaViolation? Validate(string schema, string value)
    {
        using var document = JsonDocument.Parse(value);
        return JsonSchema.Parse(schema).Check(document.RootElement);
    }
}
