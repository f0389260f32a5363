using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Sommelier.Evals.Json;

namespace Sommelier.Tests.Evals.Graders;

public sealed class JsonGradersTests
{
    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Gen.Int[-3, 3].Select(static value => (JsonNode?)value), Gen.Int[0, 2].Select(static index => (JsonNode?)new string("ab"[0], index)), Gen.Bool.Select(static value => (JsonNode?)value), Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> Value = Gen.OneOf(
        Leaf,
        Leaf.Array[0, 4].Select(static items => (JsonNode?)new JsonArray(items)),
        Gen.Select(Leaf, Leaf.Array[0, 3]).Select(static (one, many) => (JsonNode?)new JsonObject { ["x"] = one, ["y"] = new JsonArray(many) }));

    [Theory]
    [InlineData("""{ "type": "is-json" }""", " [1] ", true)]
    [InlineData("""{ "type": "is-json" }""", "[1] and", false)]
    [InlineData("""{ "type": "is-json" }""", "```json\n[1]\n```", false)]
    [InlineData("""{ "type": "is-json", "value": { "type": "object", "required": ["a"] } }""", """{"a":1}""", true)]
    [InlineData("""{ "type": "is-json", "value": { "type": "object", "required": ["a"] } }""", """{"b":1}""", false)]
    [InlineData("""{ "type": "is-json", "value": "{\"type\":\"array\"}" }""", "[]", true)]
    [InlineData("""{ "type": "is-json", "value": false }""", "[]", false)]
    [InlineData("""{ "type": "contains-json" }""", "Here:\n```json\n{\"a\": [1]}\n```", true)]
    [InlineData("""{ "type": "contains-json" }""", "Here: {a} [b]", false)]
    [InlineData("""{ "type": "contains-json", "value": { "required": ["b"] } }""", "{\"a\":1} then {\"b\":1}", true)]
    [InlineData("""{ "type": "contains-json", "value": { "required": ["c"] } }""", "{\"a\":1} then {\"b\":1}", false)]
    [InlineData("""{ "type": "json-schema", "value": { "type": "object", "properties": { "age": { "type": "integer" } } }, "in_text": true }""", "So {\"age\": 3}.", true)]
    [InlineData("""{ "type": "json-schema", "value": { "type": "object" } }""", "So {\"age\": 3}.", false)]
    [InlineData("""{ "type": "json-equals", "value": { "a": [1, 2] } }""", """{"a":[1,2]}""", true)]
    [InlineData("""{ "type": "json-equals", "value": { "a": [1, 2] } }""", """{"a":[2,1]}""", false)]
    [InlineData("""{ "type": "json-equals", "value": { "a": [1, 2] }, "any_order": true }""", """{"a":[2,1]}""", true)]
    [InlineData("""{ "type": "json-equals", "value": { "a": [1, 1] }, "any_order": true }""", """{"a":[1,2]}""", false)]
    [InlineData("""{ "type": "json-equals", "value": { "a": 1 }, "subset": true }""", """{"a":1,"b":2}""", true)]
    [InlineData("""{ "type": "json-equals", "value": { "a": 1 } }""", """{"a":1,"b":2}""", false)]
    [InlineData("""{ "type": "json-equals", "value": 1.5, "tolerance": 0.1 }""", "1.55", true)]
    [InlineData("""{ "type": "json-equals", "value": 200, "relative_tolerance": 0.01 }""", "203", false)]
    [InlineData("""{ "type": "json-equals", "value": [{ "a": 1 }, {}], "any_order": true, "subset": true }""", """[{"b":1},{"a":1}]""", true)]
    [InlineData("""{ "type": "json-equals", "value": "a" }""", "\"a\"", true)]
    public void Passes_or_not(string expectation, string answer, bool passes) => Assert.Equal(passes, Grading.Passes(expectation, answer));

    [Fact]
    public void The_first_difference_is_told() =>
        Assert.Equal("$.items[1].price is 2, not 3", Grading.Grade("""{ "type": "json-equals", "value": { "items": [{ "price": 1 }, { "price": 3 }] } }""", """{"items":[{"price":1},{"price":2}]}""").Reason);

    [Fact]
    public void Comparison_is_reflexive_and_symmetric_and_bags_forget_order() => Gen.Select(Value, Value, Gen.Bool, Gen.Int[0, 100]).Sample(static (left, right, anyOrder, seed) =>
    {
        var comparison = new JsonComparison { AnyOrder = anyOrder };
        var (one, other) = (Element(left), Element(right));

        Assert.Null(comparison.Difference(one, one));
        Assert.Equal(comparison.Difference(one, other) is null, comparison.Difference(other, one) is null);
        Assert.Equal(JsonElement.DeepEquals(one, other), new JsonComparison().Difference(one, other) is null);
        if (left is JsonArray list)
        {
            var shuffled = list.Select(static item => item?.DeepClone()).ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Null(new JsonComparison { AnyOrder = true }.Difference(one, Element(new JsonArray(shuffled))));
        }
    }, iter: 1_000);

    private static JsonElement Element(JsonNode? node) => JsonDocument.Parse(node?.ToJsonString() ?? "null").RootElement;
}
