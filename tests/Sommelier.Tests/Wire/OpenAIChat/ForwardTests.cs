using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.OpenAIChat;

public sealed class ForwardTests
{
    private static readonly WireQuirks OpenAI = new() { DeveloperRole = true };

    [Theory]
    // Nothing but the model changes, whatever the white space.
    [InlineData("""{"model":"auto","messages":[]}""", """{"model":"m1","messages":[]}""")]
    [InlineData("""{ "messages" : [ ] , "model" : "auto" }""", """{ "messages" : [ ] , "model" : "m1" }""")]
    // The sommelier object goes with its comma, wherever it stands.
    [InlineData("""{"sommelier":{"policy":"x"}, "model":"a","messages":[]}""", """{"model":"m1","messages":[]}""")]
    [InlineData("""{"model":"a", "sommelier":{"policy":"x"} ,"messages":[]}""", """{"model":"m1" ,"messages":[]}""")]
    [InlineData("""{"model":"a","messages":[] , "sommelier":{"policy":"x"} }""", """{"model":"m1","messages":[] }""")]
    // Token counts are asked for in streams only, and after everything else.
    [InlineData("""{"model":"a","stream":true,"messages":[],"sommelier":{}}""", """{"model":"m1","stream":true,"messages":[],"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"a","stream":true,"messages":[],"stream_options":{"include_usage":true}}""", """{"model":"m1","stream":true,"messages":[],"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"a","stream":true,"messages":[],"stream_options":{"include_usage":false,"include_obfuscation":false}}""", """{"model":"m1","stream":true,"messages":[],"stream_options":{"include_obfuscation":false,"include_usage":true}}""")]
    [InlineData("""{"model":"a","stream":true,"messages":[],"stream_options":null}""", """{"model":"m1","stream":true,"messages":[],"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"a","stream":false,"messages":[]}""", """{"model":"m1","stream":false,"messages":[]}""")]
    // The output limit has the target's name.
    [InlineData("""{"model":"a","max_tokens":5,"messages":[]}""", """{"model":"m1","max_completion_tokens":5,"messages":[]}""")]
    [InlineData("""{"model":"a","max_tokens":5,"max_completion_tokens":6,"messages":[]}""", """{"model":"m1","max_completion_tokens":6,"messages":[]}""")]
    public void Changes_only_what_it_must(string body, string expected) => Assert.Equal((User(expected), ""), Forward(body, OpenAI));

    [Fact]
    public void Follows_the_quirks_of_a_target()
    {
        var quirks = new WireQuirks
        {
            MaxTokensField = "max_tokens", MaxTemperature = 1, Unsupported = FrozenSet.Create("logit_bias", "store", "n"),
            Renamed = new Dictionary<string, string> { ["seed"] = "random_seed" }.ToFrozenDictionary(), ToolChoiceRequired = "any",
            Efforts = [ReasoningEffort.None, ReasoningEffort.High], StreamUsage = StreamUsageRule.Always,
        };
        const string Body = """
            {"model":"a","logit_bias":{"1":2},"store":true,"n":1,"messages":[{"role":"developer","content":"développeur"},{"role":"user","content":"x"}],
             "temperature":1.5,"seed":7,"tool_choice":"required","reasoning_effort":"low","max_completion_tokens":9,"stream":true,"stream_options":{"include_usage":true},"zz":1}
            """;
        const string Expected = """
            {"model":"m1","messages":[{"role":"system","content":"développeur"},{"role":"user","content":"x"}],
             "temperature":1,"random_seed":7,"tool_choice":"any","reasoning_effort":"high","max_tokens":9,"stream":true,"zz":1}
            """;
        Assert.Equal((Expected, "dropped logit_bias, dropped store, clamped temperature, clamped reasoning_effort"), Forward(Body, quirks));
    }

    [Fact]
    public void Values_that_are_the_default_anyway_are_cut_without_a_word()
    {
        var quirks = new WireQuirks { Unsupported = FrozenSet.Create("temperature", "top_p") };
        Assert.Equal(
            ("""{"model":"m1","messages":[{"role":"user","content":"x"}]}""", ""),
            Forward("""{"model":"a","temperature":1,"messages":[{"role":"user","content":"x"}],"top_p":1.0}""", quirks));
        Assert.Equal(
            ("""{"model":"m1","messages":[{"role":"user","content":"x"}]}""", "dropped temperature, dropped top_p"),
            Forward("""{"model":"a","temperature":0.9,"messages":[{"role":"user","content":"x"}],"top_p":0.9}""", quirks));
    }

    [Theory]
    [InlineData(ReasoningKnob.ThinkingToggle, "none", "\"thinking\":{\"type\":\"disabled\"}", "")]
    [InlineData(ReasoningKnob.ThinkingToggle, "high", "\"thinking\":{\"type\":\"enabled\"},\"reasoning_effort\":\"high\"", "")]
    [InlineData(ReasoningKnob.ReasoningObject, "low", "\"reasoning\":{\"effort\":\"low\"}", "")]
    [InlineData(ReasoningKnob.EnableThinking, "medium", "\"enable_thinking\":true,\"thinking_budget\":300", "emulated reasoning_effort")]
    [InlineData(ReasoningKnob.EnableThinking, "none", "\"enable_thinking\":false", "")]
    [InlineData(ReasoningKnob.ReasoningEffort, "medium", "\"reasoning_effort\":\"medium\"", "")]
    public void Says_how_much_to_think_in_the_targets_way(ReasoningKnob knob, string effort, string member, string warnings)
    {
        var body = $$"""{"model":"a","reasoning_effort":"{{effort}}","messages":[]}""";
        Assert.Equal((User($$"""{"model":"m1",{{member}},"messages":[]}"""), warnings), Forward(body, new WireQuirks { Reasoning = knob }));
    }

    [Fact]
    public void A_model_that_cannot_be_told_how_much_to_think_is_not_told()
    {
        Assert.Equal(
            (User("""{"model":"m1","messages":[]}"""), "dropped reasoning_effort"),
            Forward("""{"model":"a","reasoning_effort":"low","messages":[]}""", new WireQuirks { Reasoning = ReasoningKnob.None }));
    }

    [Theory]
    [InlineData(null, false, """{"role":"assistant","content":"y"}""", "dropped messages[1].reasoning_content")]
    [InlineData("reasoning_content", false, """{"role":"assistant","reasoning_content":"t","content":"y"}""", "")]
    [InlineData("reasoning", false, """{"role":"assistant","reasoning":"t","content":"y"}""", "")]
    public void Thinking_goes_back_where_the_target_takes_it(string? field, bool required, string expected, string warnings)
    {
        const string Body = """{"model":"a","messages":[{"role":"user","content":"x"},{"role":"assistant","reasoning_content":"t","content":"y"},{"role":"user","content":"z"}]}""";
        Assert.Equal(
            ($$"""{"model":"m1","messages":[{"role":"user","content":"x"},{{expected}},{"role":"user","content":"z"}]}""", warnings),
            Forward(Body, new WireQuirks { ReasoningReplayField = field, ReasoningReplayRequired = required }));
    }

    [Fact]
    public void A_target_that_demands_thinking_gets_it_empty()
    {
        const string Body = """{"model":"a","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"},{"role":"user","content":"z"}]}""";
        Assert.Equal(
            ("""{"model":"m1","messages":[{"role":"user","content":"x"},{"reasoning_content":"","role":"assistant","content":"y"},{"role":"user","content":"z"}]}""", ""),
            Forward(Body, new WireQuirks { ReasoningReplayField = "reasoning_content", ReasoningReplayRequired = true }));
    }

    [Fact]
    public void A_schema_that_the_target_cannot_enforce_goes_into_the_instructions()
    {
        const string Body = """
            {"model":"a","messages":[{"role":"system","content":"S"},{"role":"user","content":"x"}],"custom_field":{"k":[1]},
             "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}}
            """;
        var (text, warnings) = Forward(Body, new WireQuirks { JsonSchema = JsonSchemaSupport.JsonObjectOnly });
        var json = JsonNode.Parse(text)!;
        Assert.Equal("json_object", (string?)json["response_format"]!["type"]);
        Assert.Equal("""{"k":[1]}""", json["custom_field"]!.ToJsonString());
        var system = (string)json["messages"]![0]!["content"]!;
        Assert.StartsWith("S\n\nAnswer with one JSON document", system, StringComparison.Ordinal);
        Assert.EndsWith("""{"type":"object"}""", system, StringComparison.Ordinal);
        Assert.Equal("emulated response_format", warnings);
    }

    [Fact]
    public void Every_byte_outside_the_changes_is_the_callers()
    {
        var value = Gen.OneOf(
            Gen.String.Select(text => JsonValue.Create(text).ToJsonString()),
            Gen.Int.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Pick("null", "true", "[1, 2 ,3]", "{ \"a\" : { } }", "\"\\u00e9\\/\""));
        var space = Pick("", " ", "\n  ");
        Gen.Select(value.List[0, 6], space, Gen.Int[0, 6], Gen.Bool).Sample((values, blank, place, stream) =>
        {
            var members = values.Select((json, i) => $"\"field{i}\"{blank}:{blank}{json}").ToList();
            members.Add("""
                "messages":[{"role":"user","content":"naïve \u4f60 \"q\""}]
                """.Trim());
            members.Insert(place % (members.Count + 1), $"\"model\"{blank}:\"auto\"");
            var kept = members.ToList();
            members.Insert(place % (members.Count + 1), $"\"sommelier\":{blank}{{\"strict\":true}}");
            if (stream)
            {
                members.Insert(0, "\"stream\":true");
                kept.Insert(0, "\"stream\":true");
            }

            string Join(List<string> list) => "{" + blank + string.Join($"{blank},{blank}", list) + blank + "}";
            var options = stream ? ",\"stream_options\":{\"include_usage\":true}" : "";
            var expected = Join(kept).Replace("\"auto\"", "\"m1\"", StringComparison.Ordinal);
            expected = expected.Insert(expected.Length - 1 - blank.Length, options);
            var (actual, warnings) = Forward(Join(members), OpenAI);
            return actual == expected && warnings.Length == 0;
        });
    }

    [Theory]
    [MemberData(nameof(Recording.Requests), MemberType = typeof(Recording))]
    public void Recorded_requests_pass_unchanged_but_for_the_model(string name)
    {
        var body = Encoding.UTF8.GetString(Recording.Request(name));
        var model = OpenAIChatFormat.Instance.Requests.Outline(Encoding.UTF8.GetBytes(body)).Model;
        Assert.Equal((body.Replace($"\"model\": \"{model}\"", "\"model\": \"m1\"", StringComparison.Ordinal), ""), Forward(body, OpenAI, askUsage: false));
    }

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // A request needs a message; the cases leave it out where it says nothing.
    private static string User(string body) => body.Replace("[ ]", "[]", StringComparison.Ordinal).Replace("\"messages\":[]", "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]", StringComparison.Ordinal)
        .Replace("\"messages\" : []", "\"messages\" : [{\"role\":\"user\",\"content\":\"x\"}]", StringComparison.Ordinal);

    private static (string Body, string Warnings) Forward(string body, WireQuirks quirks, bool askUsage = true)
    {
        var bytes = Encoding.UTF8.GetBytes(User(body));
        var requests = OpenAIChatFormat.Instance.Requests;
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        requests.Forward(bytes, requests.Outline(bytes), new WireTarget { Model = "m1", Quirks = quirks, MaxOutputTokens = 1000, AskStreamUsage = askUsage }, output, warnings);
        return (Encoding.UTF8.GetString(output.WrittenSpan), string.Join(", ", warnings.Select(warning => $"{warning.Code} {warning.Field}")));
    }
}
