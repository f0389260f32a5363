using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.BedrockConverse;

public sealed class ConverseRequestTests
{
    private static readonly ChatRequest Foreign = new()
    {
        OriginalModel = "auto",
        Format = "openai-chat",
        Messages = [User("hi")],
    };

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"hi"}]}],"inferenceConfig":{"maxTokens":10,"temperature":0.5,"topP":0.9,"stopSequences":["a"],"later":1}}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"hi"},{"cachePoint":{"type":"default"}},{"guardContent":{"text":{"text":"x","qualifiers":["query"]}}}]}],"system":[{"text":"S"},{"cachePoint":{"type":"default","ttl":"1h"}}],"inferenceConfig":{},"guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"},"requestMetadata":{"team":"a"},"performanceConfig":{"latency":"optimized"}}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"image":{"format":"png","source":{"bytes":"AQID"}}},{"image":{"format":"png","source":{"s3Location":{"uri":"s3://b/k"}}}},{"document":{"format":"pdf","name":"report","source":{"bytes":"AQID"},"context":"c","citations":{"enabled":true}}},{"document":{"format":"txt","name":"notes","source":{"text":"words"}}},{"video":{"format":"three_gp","source":{"bytes":"AQID"}}},{"video":{"format":"mov","source":{"bytes":"AQID"}}},{"audio":{"format":"mp3","source":{"bytes":"AQID"}}},{"somethingNew":{"a":[1]}}]}],"inferenceConfig":{}}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"t","signature":"c2ln"}}},{"reasoningContent":{"redactedContent":"cmVk"}},{"toolUse":{"toolUseId":"s","name":"nova_grounding","input":{},"type":"server_tool_use"}},{"toolResult":{"toolUseId":"s","content":[{"text":"x"}],"type":"nova_grounding_result"}},{"citationsContent":{"content":[{"text":"c"}]}},{"toolUse":{"toolUseId":"a","name":"f","input":{"n": 1.50}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[{"json":{"degrees":9}},{"text":"x"},{"image":{"format":"png","source":{"bytes":"AQID"}}}],"status":"error"}},{"text":"go on"}]}],"inferenceConfig":{},"toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"d","inputSchema":{"json":{"type":"object"}},"strict":true}},{"cachePoint":{"type":"default"}},{"systemTool":{"name":"nova_grounding"}}],"toolChoice":{"tool":{"name":"f"}}}}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"q"}]}],"inferenceConfig":{"maxTokens":4000},"outputConfig":{"effort":"high","later":{"x":1}},"additionalModelRequestFields":{"thinking":{"type":"adaptive","display":"omitted"},"output_config":{"task_budget":{"total":9}},"reasoningConfig":{"type":"enabled"}},"additionalModelResponseFieldPaths":["/stop_sequence"]}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"q"}]}],"inferenceConfig":{},"outputConfig":{"textFormat":{"type":"grammar","structure":{"lark":"x"}}},"additionalModelRequestFields":{"top_k":3,"thinking":{"type":"enabled"},"output_config":{"effort":"low","format":{"type":"json_schema"}}}}""")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"q"}]}],"inferenceConfig":{},"outputConfig":{"effort":"low"},"additionalModelRequestFields":{"thinking":{"type":"disabled"}}}""")]
    public void Writes_back_what_it_read(string body)
    {
        var warnings = new List<Warning>();

        var written = Converse.Write(Converse.Read(body), warnings: warnings);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(written)), written);
        Assert.Empty(warnings);
        Assert.Equal(body, Converse.Forward(body));
    }

    [Fact]
    public void The_gateways_own_object_is_cut_out()
    {
        const string rest = """{"messages":[{"role":"user","content":[{"text":"q"}]}],"later":1}""";

        Assert.Equal(rest, Converse.Forward(rest.Replace(",\"later\"", ",\"sommelier\":{\"policy\":\"frugal\"},\"later\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Turns_alternate_results_come_first_and_nothing_is_blank()
    {
        var written = Converse.Write(Foreign with
        {
            SystemInstructions = [new TextPart("S"), new TextPart(" ")],
            MaxOutputTokens = 9_000,
            Messages =
            [
                User("q"),
                new(Role.Assistant, [new TextPart(" "), new ToolCallPart("a", "f", "{\"x\":1}"), new ToolCallPart("b", "g", "")]),
                User("also"),
                new(Role.Tool, [new ToolCallResponsePart("b", [new TextPart("2")])]),
                new(Role.Tool, [new ToolCallResponsePart("a", [new TextPart("")], IsError: true)]),
            ],
            Tools = [new("f", null, "{}"), new("g", "does", null)],
            ToolChoice = new(ToolChoiceMode.Required),
        });

        Assert.Equal(
            """{"messages":[{"role":"user","content":[{"text":"q"}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"f","input":{"x":1}}},{"toolUse":{"toolUseId":"b","name":"g","input":{}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"b","content":[{"text":"2"}]}},{"toolResult":{"toolUseId":"a","content":[{"text":"(no output)"}],"status":"error"}},{"text":"also"}]}],"system":[{"text":"S"}],"inferenceConfig":{"maxTokens":8000},"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}},{"toolSpec":{"name":"g","description":"does","inputSchema":{"json":{"type":"object","properties":{}}}}}],"toolChoice":{"any":{}}}}""",
            written);
    }

    [Fact]
    public void Documents_get_names_that_Bedrock_takes()
    {
        var names = JsonNode.Parse(Converse.Write(Foreign with
        {
            Messages = [new(Role.User, [Pdf("a_b.pdf"), Pdf("a_b.pdf"), Pdf(null), Pdf("x  y [1](2)")])],
        }))!["messages"]![0]!["content"]!.AsArray().Select(block => (string)block!["document"]!["name"]!);

        Assert.Equal(["a-b-pdf", "a-b-pdf (2)", "document 3", "x y [1](2)"], names);
    }

    [Fact]
    public void A_schema_is_native_or_a_forced_tool()
    {
        var asked = Foreign with { ResponseFormat = new(ResponseFormatKind.JsonSchema, "wine", """{"type":"object","properties":{},"additionalProperties":false}""") };
        var native = Converse.Write(asked, Converse.With(quirks => quirks with { JsonSchema = JsonSchemaSupport.Native }));
        var warnings = new List<Warning>();
        var forced = Converse.Write(
            asked with { Reasoning = new(ReasoningEffort.High) }, Converse.With(quirks => quirks with { JsonSchema = JsonSchemaSupport.None }), warnings);

        var free = Converse.Write(
            asked with { ResponseFormat = new(ResponseFormatKind.JsonSchema, "wine", """{"type":"object"}""") }, Converse.With(quirks => quirks with { JsonSchema = JsonSchemaSupport.Native }));

        Assert.DoesNotContain("outputConfig", free, StringComparison.Ordinal);
        Assert.Contains("JSON Schema", (string)JsonNode.Parse(free)!["system"]![0]!["text"]!, StringComparison.Ordinal);
        Assert.Equal("wine", (string)JsonNode.Parse(native)!["outputConfig"]!["textFormat"]!["structure"]!["jsonSchema"]!["name"]!);
        Assert.Contains("\"toolChoice\":{\"tool\":{\"name\":\"sommelier_json\"}}", forced, StringComparison.Ordinal);
        Assert.DoesNotContain("thinking", forced, StringComparison.Ordinal);
        Assert.Equal(["emulated response_format", "dropped reasoning"], Upstreams.Told(warnings));
    }

    [Theory]
    [InlineData(ReasoningKnob.OutputEffort, """{"outputConfig":{"effort":"high"},"additionalModelRequestFields":{"thinking":{"type":"adaptive"}}}""", "")]
    [InlineData(ReasoningKnob.ThinkingBudget, """{"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":3200}}}""", "")]
    [InlineData(ReasoningKnob.ReasoningEffort, """{"outputConfig":{"effort":"high"}}""", "")]
    [InlineData(ReasoningKnob.None, "{}", "dropped reasoning")]
    public void An_effort_is_told_as_the_model_hears_it(ReasoningKnob knob, string expected, string told)
    {
        var warnings = new List<Warning>();
        var written = JsonNode.Parse(Converse.Write(Foreign with { MaxOutputTokens = 4_000, Reasoning = new(ReasoningEffort.High) }, Converse.With(quirks => quirks with { Reasoning = knob }), warnings))!.AsObject();
        written.Remove("messages");
        written.Remove("inferenceConfig");

        Assert.Equal(expected, written.ToJsonString());
        Assert.Equal(told, string.Join(',', Upstreams.Told(warnings)));
    }

    [Fact]
    public void A_budget_that_the_limit_leaves_no_room_for_is_dropped_with_a_word()
    {
        var warnings = new List<Warning>();
        var written = Converse.Write(Foreign with { MaxOutputTokens = 500, Reasoning = new(BudgetTokens: 2_000) }, Converse.With(quirks => quirks with { Reasoning = ReasoningKnob.ThinkingBudget }), warnings);

        Assert.DoesNotContain("thinking", written, StringComparison.Ordinal);
        Assert.Equal(["dropped reasoning"], Upstreams.Told(warnings));
    }

    [Fact]
    public void A_body_of_this_dialect_is_rewritten_where_the_target_knows_another_knob()
    {
        const string body = """{"messages":[{"role":"user","content":[{"text":"q"}]}],"inferenceConfig":{"maxTokens":4000,"temperature":1},"additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2000},"x":1}}""";
        var warnings = new List<Warning>();

        var written = JsonNode.Parse(Converse.Forward(body, warnings: warnings))!;

        Assert.Equal("""{"thinking":{"type":"adaptive"},"x":1}""", written["additionalModelRequestFields"]!.ToJsonString());
        Assert.Equal("""{"effort":"medium"}""", written["outputConfig"]!.ToJsonString());
        Assert.Equal(["emulated thinking.budget_tokens"], Upstreams.Told(warnings));
        Assert.Equal(body, Converse.Forward(body, Converse.With(quirks => quirks with { Reasoning = ReasoningKnob.ThinkingBudget })));
    }

    [Fact]
    public void What_a_model_refuses_is_left_out_with_a_word()
    {
        const string body = """{"messages":[{"role":"user","content":[{"text":"q"}]}],"inferenceConfig":{"temperature":0.2,"topP":0.5},"additionalModelRequestFields":{"top_k":5}}""";
        var warnings = new List<Warning>();

        var written = Converse.Forward(body, Converse.With(quirks => quirks with { Unsupported = new[] { "temperature", "top_p", "top_k" }.ToFrozenSet(StringComparer.Ordinal) }), warnings);

        Assert.Equal("""{"messages":[{"role":"user","content":[{"text":"q"}]}],"inferenceConfig":{}}""", written);
        Assert.Equal(["dropped temperature", "dropped top_p", "dropped top_k"], Upstreams.Told(warnings));

        warnings.Clear();
        const string usual = """{"messages":[{"role":"user","content":[{"text":"q"}]}],"inferenceConfig":{"temperature":1,"topP":1}}""";
        Assert.Equal(written, Converse.Forward(usual, Converse.With(quirks => quirks with { Unsupported = new[] { "temperature", "top_p" }.ToFrozenSet(StringComparer.Ordinal) }), warnings));
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_tool_of_another_vendor_leaves_no_empty_list()
    {
        var warnings = new List<Warning>();
        var written = Converse.Write(Foreign with { Tools = [new("web", null, null) { Opaque = new OpaquePart("openai-responses", "web_search", "{}") }] }, warnings: warnings);

        Assert.DoesNotContain("toolConfig", written, StringComparison.Ordinal);
        Assert.Equal(["dropped tools"], Upstreams.Told(warnings));
    }

    [Theory]
    [InlineData("""{"inferenceConfig":{}}""", "messages")]
    [InlineData("""{"messages":[{"role":"wizard","content":[]}]}""", "messages[0].role")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "messages[0].content")]
    [InlineData("""{"messages":[{"role":"user","content":[{"toolResult":{"content":[]}}]}]}""", "messages[0].content[0].toolResult.toolUseId")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"q"}]}],"outputConfig":{"effort":"huge"}}""", "outputConfig.effort")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"q"}]}],"outputConfig":{"textFormat":{"structure":{"jsonSchema":{"schema":"nope"}}}}}""", "outputConfig.textFormat.structure.jsonSchema.schema")]
    public void Faults_name_their_field(string body, string field) =>
        Assert.Equal(field, Assert.Throws<WireException>(() => Converse.Read(body)).Error.Field);

    [Fact]
    public void Outlines_as_it_reads()
    {
        const string body = """{"messages":[{"role":"user","content":[{"text":"hi"},{"image":{"format":"png","source":{"bytes":"AQID"}}}]}],"system":[{"text":"S"}],"inferenceConfig":{"maxTokens":10},"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}}}],"toolChoice":{"any":{}}}}""";
        var outline = Converse.Format.Requests.Outline(Converse.Utf8(body), new CallPath("us.anthropic.claude:0", true));

        Assert.Equal(("us.anthropic.claude:0", true, 10, 2, 1, MediaKind.Image, 1), (outline.Model, outline.Stream, outline.MaxOutputTokens, outline.MessageCount, outline.MediaCount, outline.Media, outline.ToolCount));
        Assert.Equal(ToolChoiceMode.Required, outline.ToolChoice);
    }

    private static Message User(string text) => new(Role.User, [new TextPart(text)]);

    private static BlobPart Pdf(string? name) => new("application/pdf", "AQID", name);
}
