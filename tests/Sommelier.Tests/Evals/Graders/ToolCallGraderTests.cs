using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Evals.Graders;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>The Berkeley Function Calling Leaderboard's own cases: its ground truth passes, and every corruption of it fails.</summary>
public sealed class ToolCallGraderTests
{
    public static TheoryData<string> Sets => ["simple_python", "multiple", "parallel"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_ground_truth_passes(string set)
    {
        foreach (var (grader, answer, _) in Cases(set))
        {
            Assert.Equal(GradeState.Passed, Grading.Grade(grader, answer).State);

            // In any order, with dots in names replaced as OpenAI's API demands, and without the schemas too.
            Assert.Equal(GradeState.Passed, Grading.Grade(grader, answer with { ToolCalls = [.. answer.ToolCalls.Reverse()] }).State);
            Assert.Equal(GradeState.Passed, Grading.Grade(grader, answer with { ToolCalls = [.. answer.ToolCalls.Select(static call => call with { Name = call.Name.Replace('.', '_') })] }).State);
            Assert.Equal(GradeState.Passed, Grading.Grade(grader, answer with { Tools = [] }).State);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Corruptions_of_the_ground_truth_fail(string set)
    {
        var count = 0;
        foreach (var (grader, answer, truth) in Cases(set))
        {
            foreach (var (what, corrupt) in Corruptions(answer, truth))
            {
                count++;
                Assert.True(Grading.Grade(grader, corrupt).State == GradeState.Failed, $"{what}: {string.Join("; ", corrupt.ToolCalls.Select(static call => $"{call.Name} {call.Arguments}"))}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{set}: {count} corruptions");
    }

    [Fact]
    public void Where_no_tool_fits_none_may_be_called()
    {
        var grader = Grading.Grader("""{ "type": "tool-call", "value": "none" }""");
        foreach (var row in Grading.Lines("bfcl", "BFCL_v4_irrelevance.json"))
        {
            var tools = Tools(row);

            Assert.Equal(GradeState.Passed, Grading.Grade(grader, new GradedAnswer { Text = "None of my tools can do that.", Tools = tools }).State);
            Assert.Equal(GradeState.Failed, Grading.Grade(grader, Grading.Calls((tools[0].Name, "{}")) with { Tools = tools }).State);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_ground_truth_is_valid_against_the_offered_tools(string set)
    {
        var grader = Grading.Grader("""{ "type": "is-valid-tools-call" }""");
        foreach (var (_, answer, _) in Cases(set))
        {
            var grade = Grading.Grade(grader, answer);

            // In some cases the truth itself departs from the schema, by a type or a value that is not among the listed.
            Assert.True(grade.State == GradeState.Passed || grade.Reason.Contains(" must be ", StringComparison.Ordinal), grade.Reason);
            Assert.Equal(GradeState.Failed, Grading.Grade(grader, answer with { Tools = [] }).State);
            Assert.Equal(GradeState.Failed, Grading.Grade(grader, answer with { ToolCalls = [] }).State);
            Assert.Equal(GradeState.Failed, Grading.Grade(grader, answer with { ToolCalls = [answer.ToolCalls[0] with { Arguments = "{\"" }] }).State);
        }
    }

    [Theory]
    [InlineData("""{"city":"Paris, France"}""", true)]
    [InlineData("""{"city":"PARIS","unit":"celsius"}""", true)]
    [InlineData("""{"city":"Paris","unit":"kelvin"}""", false)]
    [InlineData("""{"city":["Paris"]}""", false)]
    [InlineData("""{"city":"Paris","days":3}""", true)]
    [InlineData("""{"city":"Paris","days":3.0}""", false)]
    [InlineData("""{"city":"Paris","days":"3"}""", false)]
    [InlineData("""{"city":"Paris","extra":1}""", false)]
    [InlineData("""{"city":"Paris","at":{"lat":48.9}}""", true)]
    [InlineData("""{"city":"Paris","at":{"lat":48.9,"lon":2}}""", true)]
    [InlineData("""{"city":"Paris","at":{"lon":2}}""", false)]
    [InlineData("""{"city":"Paris","ids":[1,2]}""", true)]
    [InlineData("""{"city":"Paris","ids":[2,1]}""", false)]
    [InlineData("[]", false)]
    public void Arguments_are_held_to_their_allowed_values(string arguments, bool passes)
    {
        const string Expectation = """{ "type": "tool-call", "value": [{ "name": "weather", "arguments": { "city": ["Paris", "Paris France"], "unit": ["celsius", ""], "days": [3, ""], "at": [{ "lat": [48.9], "lon": [2, ""] }, ""], "ids": [[1, 2], ""] } }] }""";
        var tool = new ToolDefinition("weather", null, """{ "type": "object", "properties": { "city": { "type": "string" }, "unit": { "type": "string" }, "days": { "type": "integer" }, "at": { "type": "object" }, "ids": { "type": "array" } }, "required": ["city"] }""");

        Assert.Equal(passes, Grading.Grade(Grading.Grader(Expectation), Grading.Calls(("weather", arguments)) with { Tools = [tool] }).State == GradeState.Passed);
    }

    [Fact]
    public void A_call_that_fits_two_wanted_ones_is_given_to_the_one_that_needs_it()
    {
        const string Expectation = """{ "type": "tool-call", "value": [{ "f": { "a": [1, 2] } }, { "f": { "a": [1] } }] }""";

        Assert.Equal(GradeState.Passed, Grading.Grade(Grading.Grader(Expectation), Grading.Calls(("f", """{"a":1}"""), ("f", """{"a":2}"""))).State);
        Assert.Equal(GradeState.Failed, Grading.Grade(Grading.Grader(Expectation), Grading.Calls(("f", """{"a":2}"""), ("f", """{"a":2}"""))).State);
    }

    [Fact]
    public void Order_counts_where_it_is_asked_for()
    {
        const string Expectation = """{ "type": "tool-call", "value": [{ "a": {} }, { "b": {} }], "order": "same" }""";

        Assert.Equal(GradeState.Passed, Grading.Grade(Grading.Grader(Expectation), Grading.Calls(("a", ""), ("b", "{}"))).State);
        Assert.Equal(GradeState.Failed, Grading.Grade(Grading.Grader(Expectation), Grading.Calls(("b", "{}"), ("a", "{}"))).State);
    }

    private static IEnumerable<(IGrader Grader, GradedAnswer Answer, JsonArray Truth)> Cases(string set) =>
        Grading.Lines("bfcl", $"BFCL_v4_{set}.json").Zip(Grading.Lines("bfcl", "possible_answer", $"BFCL_v4_{set}.json"), static (row, answer) =>
        {
            Assert.Equal(row["id"]!.GetValue<string>(), answer["id"]!.GetValue<string>());
            var truth = answer["ground_truth"]!.AsArray();
            var calls = truth.Select(static call => (call!.AsObject().First().Key, Arguments(call.AsObject().First().Value!.AsObject()).ToJsonString())).ToArray();
            return (Grading.Grader(new JsonObject { ["type"] = "tool-call", ["value"] = truth.DeepClone() }), Grading.Calls(calls) with { Tools = Tools(row) }, truth);
        });

    // The first value of each argument that is one; an argument is left out where nothing else is allowed.
    private static JsonObject Arguments(JsonObject allowed) => new(allowed.Where(static pair => !IsLeftOut(First(pair.Value))).Select(static pair => KeyValuePair.Create(pair.Key, Concrete(First(pair.Value)))));

    private static JsonNode? First(JsonNode? allowed) => allowed!.AsArray() is var values && values.Any(static value => !IsLeftOut(value)) ? values.First(static value => !IsLeftOut(value)) : values[0];

    // Members of an object are lists of allowed values too.
    private static JsonNode? Concrete(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Where(static pair => pair.Value is not JsonArray { Count: > 0 } || !IsLeftOut(First(pair.Value))).Select(static pair => KeyValuePair.Create(pair.Key, pair.Value is JsonArray { Count: > 0 } ? Concrete(First(pair.Value)) : pair.Value?.DeepClone()))),
        JsonArray items => new JsonArray([.. items.Select(Concrete)]),
        _ => value?.DeepClone(),
    };

    private static bool IsLeftOut(JsonNode? value) => value is JsonValue text && text.GetValueKind() == System.Text.Json.JsonValueKind.String && text.GetValue<string>().Length == 0;

    private static IEnumerable<(string What, GradedAnswer Corrupt)> Corruptions(GradedAnswer answer, JsonArray truth)
    {
        var calls = answer.ToolCalls;
        yield return ("no call", answer with { ToolCalls = [] });
        yield return ("extra call", answer with { ToolCalls = [.. calls, calls[0]] });
        yield return ("wrong name", answer with { ToolCalls = [calls[0] with { Name = $"{calls[0].Name}_2" }, .. calls.Skip(1)] });
        yield return ("not JSON", answer with { ToolCalls = [calls[0] with { Arguments = "{'a': 1}" }, .. calls.Skip(1)] });
        var allowed = truth[0]!.AsObject().First().Value!.AsObject();
        var arguments = JsonNode.Parse(calls[0].Arguments)!.AsObject();
        yield return ("unknown argument", Changed(arguments => arguments["no_such_argument"] = 1));
        foreach (var name in arguments.Select(static pair => pair.Key))
        {
            var value = arguments[name];
            if (!allowed[name]!.AsArray().Any(IsLeftOut))
            {
                yield return ($"{name} is missing", Changed(arguments => arguments.Remove(name)));
            }

            yield return ($"{name} has another type", Changed(arguments => arguments[name] = value is JsonArray ? "text" : new JsonArray(true)));
            yield return ($"{name} has another value", Changed(arguments => arguments[name] = value?.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.Number => value.GetValue<double>() + 12345,
                System.Text.Json.JsonValueKind.String => $"{value} not wanted",
                System.Text.Json.JsonValueKind.True => "false",
                System.Text.Json.JsonValueKind.False => "true",
                System.Text.Json.JsonValueKind.Array => new JsonArray([.. value.AsArray().Select(static item => item?.DeepClone()), "not wanted"]),
                _ => new JsonObject { ["not_wanted"] = 1 },
            }));
        }

        GradedAnswer Changed(Action<JsonObject> change)
        {
            var changed = arguments.DeepClone().AsObject();
            change(changed);
            return answer with { ToolCalls = [calls[0] with { Arguments = changed.ToJsonString() }, .. calls.Skip(1)] };
        }
    }

    // BFCL names Python's types.
    private static List<ToolDefinition> Tools(JsonObject row) =>
        [.. row["function"]!.AsArray().Select(static tool => new ToolDefinition(tool!["name"]!.GetValue<string>(), null, tool["parameters"]!.ToJsonString().Replace("\"type\":\"dict\"", "\"type\":\"object\"", StringComparison.Ordinal).Replace("\"type\":\"float\"", "\"type\":\"number\"", StringComparison.Ordinal).Replace("\"type\":\"tuple\"", "\"type\":\"array\"", StringComparison.Ordinal).Replace("\"type\":\"any\"", "\"title\":\"any\"", StringComparison.Ordinal)))];
}
