using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.OpenAIResponses;

public sealed class ResponsesAnswerTests
{
    [Fact]
    public void An_answer_of_any_origin_is_a_whole_response()
    {
        const string Request = """{"model":"m","input":"x","instructions":"S","tools":[{"type":"function","name":"f"}],"temperature":0.5,"metadata":{"a":"b"},"user":"u","store":false}""";
        var context = ResponsesWire.Reply with { Request = ResponsesWire.Utf8(Request), Outline = ResponsesWire.Outline(Request) };
        var written = ResponsesWire.Answer(
            new ChatResponse
            {
                Id = "chatcmpl-1",
                ResponseModel = "vendor",
                Created = DateTimeOffset.FromUnixTimeSeconds(1_780_000_000),
                Parts = [new ReasoningPart("Hm."), new TextPart("Hi"), new RefusalPart("No"), new ToolCallPart("call_1", "f", "{}")],
                FinishReason = new FinishReason(FinishReasonKind.ToolCalls),
                Usage = new Usage { InputTokens = 10, CacheReadInputTokens = 4, OutputTokens = 5, ReasoningOutputTokens = 2 },
            },
            context);
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""
                    {"id":"resp_chatcmpl-1","object":"response","created_at":1780000000,"status":"completed","error":null,"incomplete_details":null,"model":"vendor",
                     "output":[
                      {"type":"reasoning","id":"rs_smlr_chatcmpl-1_0","summary":[{"type":"summary_text","text":"Hm."}]},
                      {"type":"message","id":"msg_chatcmpl-1_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]},{"type":"refusal","refusal":"No"}]},
                      {"type":"function_call","id":"fc_chatcmpl-1_2","status":"completed","call_id":"call_1","name":"f","arguments":"{}"}],
                     "background":false,"instructions":"S","max_output_tokens":null,"max_tool_calls":null,"metadata":{"a":"b"},"parallel_tool_calls":true,"previous_response_id":null,
                     "prompt_cache_key":null,"reasoning":{"effort":null,"summary":null},"safety_identifier":null,"service_tier":null,"store":false,"temperature":0.5,
                     "text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[{"type":"function","name":"f"}],"top_logprobs":0,"top_p":null,"truncation":"disabled","user":"u",
                     "usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4,"cache_write_tokens":0},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":15}}
                    """),
                JsonNode.Parse(written)),
            written);
    }

    [Fact]
    public void A_setting_that_was_lost_on_the_way_is_not_said_to_hold()
    {
        const string Request = """
            {"model":"m","input":"x","service_tier":"flex","parallel_tool_calls":false,"truncation":"auto","top_p":0.5,"temperature":1.5,"max_output_tokens":9,
             "tool_choice":"required","text":{"verbosity":"low","format":{"type":"json_object"}},"reasoning":{"effort":"low","summary":"auto"},"metadata":{"a":"b"},
             "tools":[{"type":"file_search"},{"type":"function","name":"f","strict":true}],"user":"u","safety_identifier":"s"}
            """;
        Warning[] losses =
        [
            .. "service_tier parallel_tool_calls truncation top_p tool_choice text.verbosity reasoning.effort tools[0] tools[1].strict user".Split(' ').Select(field => new Warning("dropped", field, "")),
            new("clamped", "temperature", ""), new("output_capped_by_budget", "max_output_tokens", ""), new("emulated", "text.format", ""), new("dropped", "input[0]", ""),
        ];
        var context = ResponsesWire.Reply with { Request = ResponsesWire.Utf8(Request), Outline = ResponsesWire.Outline(Request), Losses = losses };

        var written = JsonNode.Parse(ResponsesWire.Answer(new ChatResponse { Parts = [new TextPart("Hi")], FinishReason = new FinishReason(FinishReasonKind.Stop) }, context))!.AsObject();

        string[] told = ["service_tier", "parallel_tool_calls", "truncation", "top_p", "temperature", "max_output_tokens", "tool_choice", "text", "reasoning", "metadata", "tools", "user", "safety_identifier"];
        Assert.Equal(
            """null true "disabled" null null null "auto" {"format":{"type":"json_object"}} {"summary":"auto"} {"a":"b"} [{"type":"function","name":"f"}] - "s" """.TrimEnd(),
            string.Join(' ', told.Select(name => !written.ContainsKey(name) ? "-" : written[name]?.ToJsonString() ?? "null")));
    }

    [Theory]
    [InlineData(FinishReasonKind.Length, "incomplete", "max_output_tokens")]
    [InlineData(FinishReasonKind.ContentFilter, "incomplete", "content_filter")]
    [InlineData(FinishReasonKind.Stop, "completed", null)]
    public void Why_it_ended_is_its_status(FinishReasonKind kind, string status, string? reason)
    {
        var answer = JsonNode.Parse(ResponsesWire.Answer(new ChatResponse { Parts = [new TextPart("x")], FinishReason = new FinishReason(kind) }))!;
        Assert.Equal((status, reason), ((string?)answer["status"], (string?)answer["incomplete_details"]?["reason"]));
        Assert.Equal(status, (string?)answer["output"]![0]!["status"]);
    }

    [Theory]
    [InlineData("", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("  \n", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("<html>", UpstreamFailureKind.ProtocolError)]
    [InlineData("[]", UpstreamFailureKind.ProtocolError)]
    [InlineData("""{"id":"chatcmpl-1","choices":[]}""", UpstreamFailureKind.ProtocolError)]
    [InlineData("""{"status":"completed","output":[]}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"status":"queued","output":[]}""", UpstreamFailureKind.ProtocolError)]
    [InlineData("""{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}""", UpstreamFailureKind.RateLimited)]
    [InlineData("""{"status":"failed","output":[],"error":{"code":"server_error","message":"x"}}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"status":"cancelled","output":[],"error":null}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"status":"completed","output":[{"type":"function_call"}]}""", UpstreamFailureKind.ProtocolError)]
    public void What_is_no_answer_is_a_failure(string body, UpstreamFailureKind kind) =>
        Assert.Equal(kind, Assert.Throws<UpstreamException>(() => ResponsesWire.Format.Responses.Read(Encoding.UTF8.GetBytes(body), WireQuirks.Default)).Failure.Kind);

    [Fact]
    public void Unknown_fields_survive()
    {
        const string Body = """{"id":"resp_1","status":"completed","model":"m","output":[{"type":"message","id":"msg_9","status":"completed","role":"assistant","phase":"final_answer","zz":1,"content":[{"type":"output_text","text":"Hi","annotations":[{"type":"url_citation"}],"yy":{"a":1}}]},{"type":"function_call","id":"fc_9","call_id":"c","name":"f","arguments":"{}","status":"completed","namespace":"n"}],"unheard_of":{"x":1}}""";
        var response = ResponsesWire.Format.Responses.Read(Encoding.UTF8.GetBytes(Body), WireQuirks.Default);
        var written = JsonNode.Parse(ResponsesWire.Answer(response))!;
        var expected = JsonNode.Parse(Body)!;
        expected["output"]![0]!["content"]![0]!["logprobs"] = new JsonArray();
        Assert.True(JsonNode.DeepEquals(expected["output"], written["output"]), written["output"]!.ToJsonString());
        Assert.Equal("""{"x":1}""", written["unheard_of"]!.ToJsonString());
    }

    [Fact]
    public void Long_ids_of_answers_make_short_ids_of_items()
    {
        var answer = JsonNode.Parse(ResponsesWire.Answer(new ChatResponse { Id = new string('x', 300), Parts = [new TextPart("x")], FinishReason = new FinishReason(FinishReasonKind.Stop) }))!;
        Assert.InRange(((string)answer["output"]![0]!["id"]!).Length, 5, 64);
    }
}
