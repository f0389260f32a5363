using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.OpenAIResponses;

public sealed class ResponsesForwardTests
{
    [Theory]
    [InlineData("""{ "input" : "x" , "model" : "auto" }""", """{ "input" : "x" , "model" : "m1" }""")]
    [InlineData("""{"model":"a","sommelier":{"policy":"x"},"input":"x"}""", """{"model":"m1","input":"x"}""")]
    [InlineData("""{"model":"a","previous_response_id":"resp_1","input":"x"}""", """{"model":"m1","input":"x"}""")]
    [InlineData("""{"model":"a","input":[{"type":"item_reference","id":"msg_1"}]}""", """{"model":"m1","input":[{"type":"item_reference","id":"msg_1"}]}""")]
    [InlineData("""{"model":"a","stream":true,"input":"x","stream_options":{"include_obfuscation":false}}""", """{"model":"m1","stream":true,"input":"x","stream_options":{"include_obfuscation":false}}""")]
    public void Changes_only_what_it_must(string body, string expected) => Assert.Equal((expected, ""), ResponsesWire.Forward(body));

    [Fact]
    public void Follows_the_quirks_of_a_target()
    {
        var quirks = new WireQuirks { MaxTemperature = 1, Unsupported = FrozenSet.Create("top_p", "top_logprobs"), Efforts = [ReasoningEffort.None, ReasoningEffort.High] };
        Assert.Equal(
            ("""{"model":"m1","input":"x","temperature":1,"reasoning":{"effort":"high","summary":"auto"},"zz":1}""", "clamped temperature, dropped top_p, clamped reasoning.effort"),
            ResponsesWire.Forward("""{"model":"a","input":"x","temperature":1.5,"top_p":0.5,"reasoning":{"effort":"low","summary":"auto"},"zz":1}""", quirks));
        Assert.Equal(
            ("""{"model":"m1","input":"x"}""", "dropped reasoning.effort"),
            ResponsesWire.Forward("""{"model":"a","reasoning":{"effort":"low"},"input":"x"}""", new WireQuirks { Reasoning = ReasoningKnob.None }));
        Assert.Equal(
            ("""{"model":"m1","input":"x"}""", "dropped reasoning.zz"),
            ResponsesWire.Forward("""{"model":"a","reasoning":{"effort":"none","summary":"auto","zz":{"effort":1}},"input":"x"}""", new WireQuirks { Reasoning = ReasoningKnob.None }));
    }

    [Theory]
    [InlineData("""{"type":"reasoning","id":"rs_smlr_1","summary":[]}""")]
    [InlineData("""{"id":"rs_smlr_1","summary":[],"encrypted_content":"sommelier.seal.anthropic:abc","type":"reasoning"}""")]
    public void Thinking_of_another_vendor_is_left_out(string item)
    {
        var (body, warnings) = ResponsesWire.Forward($$"""{"model":"a","input":[{"role":"user","content":"x"},{{item}},{"role":"user","content":"y"}]}""");
        Assert.Equal(("""{"model":"m1","input":[{"role":"user","content":"x"},{"role":"user","content":"y"}]}""", "dropped input[1]"), (body, warnings));
    }

    [Fact]
    public void The_vendors_own_thinking_stays()
    {
        const string Body = """{"model":"m1","input":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAA"},{"role":"user","content":"y"}]}""";
        Assert.Equal((Body, ""), ResponsesWire.Forward(Body));
    }

    [Fact]
    public void A_schema_that_the_target_cannot_enforce_goes_into_the_instructions()
    {
        var (body, warnings) = ResponsesWire.Forward(
            """{"model":"a","instructions":"S","input":"x","custom_field":{"k":[1]},"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}""",
            new WireQuirks { JsonSchema = JsonSchemaSupport.JsonObjectOnly });
        var json = JsonNode.Parse(body)!;
        Assert.Equal("json_object", (string?)json["text"]!["format"]!["type"]);
        Assert.StartsWith("S\n\nAnswer with one JSON document", (string)json["instructions"]!, StringComparison.Ordinal);
        Assert.Equal("""{"k":[1]}""", json["custom_field"]!.ToJsonString());
        Assert.Equal("emulated response_format", warnings);
    }

    [Fact]
    public void Every_byte_outside_the_changes_is_the_callers()
    {
        var value = Gen.OneOf(
            Gen.String.Select(text => JsonValue.Create(text).ToJsonString()),
            Gen.Int.Select(number => number.ToString(CultureInfo.InvariantCulture)),
            Pick("null", "true", "[1, 2 ,3]", "{ \"a\" : { } }", "\"\\u00e9\\/\""));
        Gen.Select(value.List[0, 6], Pick("", " ", "\n  "), Gen.Int[0, 6]).Sample((values, blank, place) =>
        {
            var members = values.Select((json, i) => $"\"field{i}\"{blank}:{blank}{json}").ToList();
            members.Add("\"input\":[{\"role\":\"user\",\"content\":\"naïve \\u4f60 \\\"q\\\"\"}]");
            members.Insert(place % (members.Count + 1), $"\"model\"{blank}:\"auto\"");
            var kept = members.ToList();
            members.Insert(place % (members.Count + 1), $"\"sommelier\":{blank}{{\"strict\":true}}");
            string Join(List<string> list) => "{" + blank + string.Join($"{blank},{blank}", list) + blank + "}";
            var (actual, warnings) = ResponsesWire.Forward(Join(members));
            return actual == Join(kept).Replace("\"auto\"", "\"m1\"", StringComparison.Ordinal) && warnings.Length == 0;
        });
    }

    [Fact]
    public void Garbage_is_refused_and_never_crashes()
    {
        const string Good = """{"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"x"}]},{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}],"text":{"format":{"type":"text"}},"tool_choice":{"type":"function","name":"f"}}""";
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Char[' ', '~']).Sample((at, letter) =>
        {
            var body = Good.Remove(at, 1).Insert(at, letter.ToString());
            try
            {
                ResponsesWire.Outline(body);
                ResponsesWire.Read(body);
            }
            catch (WireException)
            {
                // Told properly.
            }
        });
    }

    private static Gen<string> Pick(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
