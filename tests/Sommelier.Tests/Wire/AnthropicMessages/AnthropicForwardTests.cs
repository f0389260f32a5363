using System.Collections.Frozen;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.AnthropicMessages;

public sealed class AnthropicForwardTests
{
    [Fact]
    public void Changes_nothing_but_the_model_and_the_controls()
    {
        const string Body = """
            { "sommelier": {"policy":"frugal"},
              "model":"auto" ,  "max_tokens": 100, "messages":[{"role":"user","content":"h\u00e9 \n"}],
              "x_unknown": {"b":[1, 2]}, "temperature":0.2 }
            """;

        const string Expected = """
            { "model":"claude-opus-5-5" ,  "max_tokens": 100, "messages":[{"role":"user","content":"h\u00e9 \n"}],
              "x_unknown": {"b":[1, 2]}, "temperature":0.2 }
            """;

        Assert.Equal(Expected, Wire.Forward(Body));
    }

    [Fact]
    public void Cuts_what_the_model_refuses_and_warns()
    {
        var quirks = Wire.Target.Quirks with { Unsupported = new[] { "temperature", "top_p", "top_k" }.ToFrozenSet() };
        var warnings = new List<Warning>();

        var sent = Wire.Forward(
            """{"top_k":5,"model":"m","temperature":1.0,"max_tokens":1,"messages":[{"role":"user","content":"x"}],"top_p":0.5}""", Wire.With(quirks), warnings);

        Assert.Equal("""{"model":"claude-opus-5-5","max_tokens":1,"messages":[{"role":"user","content":"x"}]}""", sent);
        Assert.Equal(["top_k", "top_p"], warnings.Select(warning => warning.Field));

        warnings.Clear();
        Assert.Equal(sent, Wire.Forward("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"temperature":1,"top_p":1.0}""", Wire.With(quirks), warnings));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Leaves_out_thinking_that_nobody_sealed()
    {
        var warnings = new List<Warning>();

        var sent = Wire.Forward(
            """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},
             {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":""},{"type":"text","text":"b"}]},{"role":"user","content":"c"}]}
            """,
            warnings: warnings);

        Assert.Equal(
            """{"model":"claude-opus-5-5","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"text","text":"b"}]},{"role":"user","content":"c"}]}""",
            sent);
        Assert.Equal("messages[1].content[0]", Assert.Single(warnings).Field);
    }

    [Fact]
    public void Puts_a_thinking_budget_in_the_words_of_a_model_that_takes_efforts()
    {
        var warnings = new List<Warning>();

        var sent = Wire.Forward(
            """{"model":"m","max_tokens":4000,"messages":[{"role":"user","content":"a"}],"thinking":{"type":"enabled","budget_tokens":2000}}""", warnings: warnings);

        Assert.Contains("\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"medium\"}", sent, StringComparison.Ordinal);
        Assert.Equal("thinking.budget_tokens", Assert.Single(warnings).Field);
    }

    [Fact]
    public void Does_not_forward_what_needs_a_stand_in_for_a_schema()
    {
        var outline = Wire.Outline("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"output_config":{"format":{"type":"json_schema","schema":{}}}}""");

        Assert.True(Wire.Format.Requests.CanForward(outline, Wire.Target));
        Assert.False(Wire.Format.Requests.CanForward(outline, Wire.With(new WireQuirks { JsonSchema = JsonSchemaSupport.None })));
    }
}
