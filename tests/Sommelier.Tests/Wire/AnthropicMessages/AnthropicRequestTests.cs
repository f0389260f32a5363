using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.AnthropicMessages;

public sealed class AnthropicRequestTests
{
    private static readonly ChatRequest Foreign = new()
    {
        OriginalModel = "auto",
        Format = "openai-chat",
        Messages = [User("hi")],
    };

    [Theory]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"stream":true,"system":"S","messages":[{"role":"user","content":"hi"}],"temperature":0.5,"top_p":0.9,"top_k":3,"stop_sequences":["a","b"]}""")]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"system":[{"type":"text","text":"S","cache_control":{"type":"ephemeral","ttl":"1h"}}],"messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]},{"role":"system","content":"new rule"},{"role":"assistant","content":"x "}]}""")]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},{"type":"image","source":{"type":"file","file_id":"f1"}},{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"},"title":"T","citations":{"enabled":true}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"words ü"}},{"type":"document","source":{"type":"content","content":"c"}},{"type":"search_result","source":"s","title":"t","content":[]}]}]}""")]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"sig"},{"type":"redacted_thinking","data":"xx"},{"type":"tool_use","id":"a","name":"f","input":{"n": 1.50}},{"type":"tool_use","id":"b","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"r"},{"type":"tool_result","tool_use_id":"b","content":[{"type":"text","text":"x"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}],"is_error":true,"cache_control":{"type":"ephemeral"}},{"type":"text","text":"go on"}]}],"tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"strict":true,"cache_control":{"type":"ephemeral"}},{"type":"web_search_20250305","name":"web_search","max_uses":3}],"tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true}}""")]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"q"}],"thinking":{"type":"adaptive","display":"omitted"},"output_config":{"effort":"xhigh","format":{"type":"json_schema","schema":{"type":"object","minProperties":1}},"task_budget":{"total":9}},"metadata":{"user_id":"u","team":"t"},"service_tier":"auto","inference_geo":"eu"}""")]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"q"}],"thinking":{"type":"disabled"},"output_config":{"effort":"low"}}""")]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"q"}],"output_config":{"format":{"type":"grammar","definition":"x"}}}""")]
    [InlineData("""{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"ToolSearch","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"tool_reference","tool_name":"f"}]}]}],"tools":[{"name":"ToolSearch","input_schema":{"type":"object"}},{"name":"f","input_schema":{"type":"object"},"defer_loading":true}]}""")]
    public void Writes_back_what_it_read(string body)
    {
        var warnings = new List<Warning>();

        var written = Wire.Write(Wire.Read(body), warnings: warnings);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse(written)), written);
        Assert.Empty(warnings);
        Assert.Equal(written, Wire.Write(Wire.Read(written)));
    }

    [Fact]
    public void A_form_that_other_formats_do_not_know_is_named()
    {
        var warnings = new List<Warning>();
        var request = Wire.Read("""{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"q"}],"output_config":{"format":{"type":"grammar","definition":"x"}}}""");

        WireFormats.Get("openai-chat").Requests.Write(request, new WireTarget { Model = "m", Quirks = WireQuirks.Default }, new System.Buffers.ArrayBufferWriter<byte>(), warnings);

        Assert.Equal(["output_config"], warnings.Select(warning => warning.Field));
    }

    [Fact]
    public void Puts_all_results_of_a_turn_into_one_message_before_any_text()
    {
        var written = Wire.Write(Foreign with
        {
            Messages =
            [
                User("q"),
                new(Role.Assistant, [new TextPart(""), new ToolCallPart("a", "f", "{\"x\":1}"), new ToolCallPart("b", "g", "")]),
                User("also"),
                new(Role.Tool, [new ToolCallResponsePart("b", [new TextPart("2")])]),
                new(Role.Tool, [new ToolCallResponsePart("a", [new TextPart("1")])]),
                User("and"),
            ],
            Tools = [new("f", null, "{}"), new("g", "does", null)],
        });

        Assert.Equal(
            """{"model":"claude-opus-5-5","max_tokens":8000,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{"x":1}},{"type":"tool_use","id":"b","name":"g","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"b","content":"2"},{"type":"tool_result","tool_use_id":"a","content":"1"},{"type":"text","text":"also"},{"type":"text","text":"and"}]}],"tools":[{"name":"f","input_schema":{"type":"object"}},{"name":"g","description":"does","input_schema":{"type":"object","properties":{}}}]}""",
            written);
    }

    [Fact]
    public void Answers_calls_that_nobody_answered_and_keeps_answers_that_nobody_asked()
    {
        var warnings = new List<Warning>();

        var written = Wire.Write(
            Foreign with
            {
                Messages = [User("q"), new(Role.Assistant, [new ToolCallPart("a:1", "f", "{}")]), new(Role.Tool, [new ToolCallResponsePart("z", [new TextPart("9")])])],
            },
            warnings: warnings);

        Assert.Contains("""{"type":"tool_use","id":"a_1","name":"f","input":{}}""", written, StringComparison.Ordinal);
        Assert.Contains("""{"type":"tool_result","tool_use_id":"a_1","content":"This tool call was not answered.","is_error":true},{"type":"text","text":"Result of the tool call z:"},{"type":"text","text":"9"}""", written, StringComparison.Ordinal);
        Assert.Contains("\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\",\"properties\":{}}}],\"tool_choice\":{\"type\":\"none\"}", written, StringComparison.Ordinal);
        Assert.Equal(["messages", "tool_calls", "tools"], warnings.Select(warning => warning.Field));
    }

    [Fact]
    public void An_answer_that_nobody_asked_stays_between_what_was_said_before_and_after_it()
    {
        var written = Wire.Write(Foreign with
        {
            Messages =
            [
                User("one"), new(Role.Tool, [new ToolCallResponsePart("y", [new TextPart("8")])]), User("two"),
                new(Role.Tool, [new ToolCallResponsePart("z", [new TextPart("9")])]), User("three"),
            ],
        });

        Assert.Contains(
            """[{"type":"text","text":"one"},{"type":"text","text":"Result of the tool call y:"},{"type":"text","text":"8"},{"type":"text","text":"two"},{"type":"text","text":"Result of the tool call z:"},{"type":"text","text":"9"},{"type":"text","text":"three"}]""",
            written, StringComparison.Ordinal);
    }

    [Fact]
    public void Wraps_arguments_that_are_not_an_object()
    {
        var warnings = new List<Warning>();

        var written = Wire.WriteAnswer(
            new() { Parts = [new ToolCallPart("a", "f", "{\"x\":"), new ToolCallPart("b", "f", "[1]"), new ToolCallPart("c", "f", " ")], FinishReason = new(FinishReasonKind.ToolCalls, "tool_calls") }, warnings);

        Assert.Contains("""{"type":"tool_use","id":"a","name":"f","input":{"invalid_arguments":"{\"x\":"}},{"type":"tool_use","id":"b","name":"f","input":{"arguments":[1]}},{"type":"tool_use","id":"c","name":"f","input":{}}""", written, StringComparison.Ordinal);
        Assert.Contains("\"stop_reason\":\"tool_use\"", written, StringComparison.Ordinal);
        Assert.Equal(2, warnings.Count);
    }

    [Fact]
    public void Says_what_the_dialect_cannot_say()
    {
        var warnings = new List<Warning>();

        var written = Wire.Write(
            Foreign with
            {
                Messages =
                [
                    new(Role.System, [new TextPart("S1")]),
                    new(Role.User, [new TextPart("x"), new BlobPart("audio/wav", "AAAA"), new FilePart("file-1", MediaKind.Document), new OpaquePart("openai-chat", "refusal_x", "{}")]),
                    new(Role.Assistant, [new ReasoningPart("deep"), new TextPart("y  \n")]),
                ],
                Sampling = new() { Temperature = 1.7, TopP = 0.5, Seed = 1, FrequencyPenalty = 0.5, PresencePenalty = 0, Choices = 2, LogProbs = true, LogitBias = "{\"1\":2}", Stop = ["END", " \n"] },
                MaxOutputTokens = 9_000,
                EndUser = "u",
                ResponseFormat = new(ResponseFormatKind.JsonObject),
                Extra = new("openai-chat", [new("store", "true")]),
            },
            warnings: warnings);

        Assert.Equal(
            """{"model":"claude-opus-5-5","max_tokens":8000,"system":[{"type":"text","text":"S1"},{"type":"text","text":"Answer with one JSON object and nothing else: no prose, no code fences."}],"messages":[{"role":"user","content":[{"type":"text","text":"x"}]},{"role":"assistant","content":[{"type":"text","text":"y"}]}],"temperature":1,"stop_sequences":["END"],"metadata":{"user_id":"u"}}""",
            written);
        Assert.Equal(
            ["messages", "max_tokens", "response_format", "messages", "messages", "messages", "messages", "temperature", "top_p", "stop", "frequency_penalty", "seed", "logit_bias", "logprobs", "n", "store"],
            warnings.Select(warning => warning.Field));
    }

    [Theory]
    [InlineData(ReasoningKnob.OutputEffort, ReasoningEffort.Minimal, "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}")]
    [InlineData(ReasoningKnob.OutputEffort, ReasoningEffort.Max, "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"}")]
    [InlineData(ReasoningKnob.OutputEffort, ReasoningEffort.None, "\"thinking\":{\"type\":\"disabled\"}")]
    [InlineData(ReasoningKnob.ThinkingBudget, ReasoningEffort.Medium, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4000}")]
    [InlineData(ReasoningKnob.ThinkingBudget, ReasoningEffort.Minimal, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}")]
    [InlineData(ReasoningKnob.ThinkingBudget, ReasoningEffort.Max, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":7600}")]
    public void Says_how_much_to_think_as_the_model_is_told(ReasoningKnob knob, ReasoningEffort effort, string expected)
    {
        var warnings = new List<Warning>();

        var written = Wire.Write(
            Foreign with { Reasoning = new(effort), Sampling = new() { Temperature = 0.3, TopK = 4 } },
            Wire.With(new WireQuirks { Reasoning = knob }),
            warnings);

        Assert.Contains(expected, written, StringComparison.Ordinal);
        var thinks = effort != ReasoningEffort.None;
        Assert.Equal(!thinks, written.Contains("\"temperature\":0.3", StringComparison.Ordinal));
        Assert.Equal(thinks, warnings.Exists(warning => warning.Field is "temperature"));
    }

    [Fact]
    public void Does_not_think_where_there_is_no_room_or_a_call_is_forced()
    {
        var budget = Wire.With(new WireQuirks { Reasoning = ReasoningKnob.ThinkingBudget });
        var tight = new List<Warning>();
        Assert.DoesNotContain("thinking", Wire.Write(Foreign with { Reasoning = new(ReasoningEffort.High), MaxOutputTokens = 1_000 }, budget, tight), StringComparison.Ordinal);
        Assert.Equal("reasoning", Assert.Single(tight).Field);

        var forced = new List<Warning>();
        var written = Wire.Write(
            Foreign with { Reasoning = new(ReasoningEffort.High), Tools = [new("f", null, null)], ToolChoice = new(ToolChoiceMode.Required), ParallelToolCalls = false }, budget, forced);
        Assert.DoesNotContain("thinking", written, StringComparison.Ordinal);
        Assert.Contains("\"tool_choice\":{\"type\":\"any\",\"disable_parallel_tool_use\":true}", written, StringComparison.Ordinal);
        Assert.Equal("reasoning", Assert.Single(forced).Field);
    }

    [Fact]
    public void Holds_an_answer_to_a_schema()
    {
        var warnings = new List<Warning>();
        var format = new ResponseFormat(
            ResponseFormatKind.JsonSchema,
            "n",
            """{"$schema":"x","type":"object","properties":{"age":{"type":"integer","minimum":0,"description":"Years"},"when":{"type":"string","format":"date"},"kind":{"oneOf":[{"type":"string","pattern":"^a"},{"type":"object","properties":{"minimum":{"type":"number"}}}]}},"required":["age"]}""");

        var written = Wire.Write(Foreign with { ResponseFormat = format }, warnings: warnings);

        Assert.Contains(
            """{"format":{"type":"json_schema","schema":{"type":"object","properties":{"age":{"type":"integer","description":"Years {minimum: 0}"},"when":{"type":"string","format":"date"},"kind":{"anyOf":[{"type":"string","description":"{pattern: \"^a\"}"},{"type":"object","properties":{"minimum":{"type":"number"}},"additionalProperties":false}]}},"required":["age"],"additionalProperties":false}}}""",
            written,
            StringComparison.Ordinal);
        Assert.Equal("emulated", Assert.Single(warnings).Code);
    }

    [Theory]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"type":"object","properties":{}}""")]
    [InlineData("""{"type":"object","properties":{"scores":{"type":"object","additionalProperties":{"type":"number"}}},"required":["scores"],"additionalProperties":false}""")]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{"a":{}},"additionalProperties":true}}""")]
    [InlineData("""{"$defs":{"map":{"type":["object","null"],"patternProperties":{"^x":{}}}},"$ref":"#/$defs/map"}""")]
    public void A_schema_with_free_keys_is_not_closed_but_asked_for_in_words(string schema)
    {
        var warnings = new List<Warning>();

        var written = Wire.Write(Foreign with { ResponseFormat = new(ResponseFormatKind.JsonSchema, "n", schema) }, warnings: warnings);

        var body = JsonNode.Parse(written)!;
        Assert.Null(body["output_config"]);
        Assert.Null(body["tools"]);
        Assert.EndsWith(schema, (string)body["system"]!, StringComparison.Ordinal);
        var told = Assert.Single(warnings);
        Assert.Equal(("emulated", "response_format"), (told.Code, told.Field));
        Assert.Contains("free keys", told.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"object","additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}}}""")]
    public void A_schema_that_names_its_keys_stays_native(string schema) =>
        Assert.NotNull(JsonNode.Parse(Wire.Write(Foreign with { ResponseFormat = new(ResponseFormatKind.JsonSchema, "n", schema) }))!["output_config"]!["format"]);

    [Fact]
    public void Forces_a_tool_where_the_model_knows_no_schema_and_turns_its_call_into_text()
    {
        var quirks = new WireQuirks { JsonSchema = JsonSchemaSupport.None, Reasoning = ReasoningKnob.ThinkingBudget };
        var format = new ResponseFormat(ResponseFormatKind.JsonSchema, Schema: """{"type":"object"}""");

        var alone = Wire.Write(Foreign with { ResponseFormat = format }, Wire.With(quirks));
        Assert.Contains("\"tool_choice\":{\"type\":\"tool\",\"name\":\"sommelier_json\",\"disable_parallel_tool_use\":true}", alone, StringComparison.Ordinal);
        Assert.Contains("\"input_schema\":{\"type\":\"object\"}", alone, StringComparison.Ordinal);
        var beside = Wire.Write(Foreign with { ResponseFormat = format, Tools = [new("f", null, null)] }, Wire.With(quirks));
        Assert.Contains("\"tool_choice\":{\"type\":\"any\",\"disable_parallel_tool_use\":true}", beside, StringComparison.Ordinal);

        var answer = Wire.ReadAnswer(
            """{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Here:"},{"type":"tool_use","id":"t","name":"sommelier_json","input":{"a":1}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":2}}""",
            quirks);
        Assert.Equal("""{"a":1}""", Assert.IsType<TextPart>(Assert.Single(answer.Parts)).Text);
        Assert.Equal(FinishReasonKind.Stop, answer.FinishReason.Kind);

        var deltas = Wire.Decode(
            Wire.Utf8(Wire.Sse(
                """{"type":"message_start","message":{"id":"msg_1","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}""",
                """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"sommelier_json","input":{}}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}""",
                """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}""",
                """{"type":"content_block_stop","index":0}""",
                """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}""",
                """{"type":"message_stop"}""")),
            quirks);
        Assert.Equal("""{"a":1}""", string.Concat(deltas.OfType<TextDelta>().Select(delta => delta.Text)));
        Assert.Equal(FinishReasonKind.Stop, deltas.OfType<FinishDelta>().Single().Reason.Kind);
        Assert.DoesNotContain(deltas, delta => delta is ToolCallStartDelta or ToolCallArgumentsDelta);
    }

    [Fact]
    public void Drops_sampling_that_a_newer_model_refuses()
    {
        var quirks = new WireQuirks { Unsupported = new[] { "temperature", "top_p", "top_k" }.ToFrozenSet() };
        var warnings = new List<Warning>();

        var written = Wire.Write(Foreign with { Sampling = new() { Temperature = 0.2, TopP = 0.4, TopK = 2 } }, Wire.With(quirks), warnings);

        Assert.Equal("""{"model":"claude-opus-5-5","max_tokens":8000,"messages":[{"role":"user","content":"hi"}]}""", written);
        Assert.Equal(["temperature", "top_p", "top_k"], warnings.Select(warning => warning.Field));

        warnings.Clear();
        Assert.Equal(written, Wire.Write(Foreign with { Sampling = new() { Temperature = 1, TopP = 1 } }, Wire.With(quirks), warnings));
        Assert.Empty(warnings);
    }

    private static Message User(string text) => new(Role.User, [new TextPart(text)]);
}
