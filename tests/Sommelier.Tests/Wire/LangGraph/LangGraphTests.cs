using Sommelier.Canonical;
using Sommelier.Tests.Wire.OpenAIChat;
using Sommelier.Wire;
using Sommelier.Wire.LangGraph;

namespace Sommelier.Tests.Wire.LangGraph;

public sealed class LangGraphTests
{
    private static readonly IWireFormat Format = LangGraphFormat.Instance;

    [Fact]
    public void A_conversation_becomes_the_input_of_a_stateless_run()
    {
        var (body, warnings) = Upstreams.Write(
            Format,
            """
            {"model":"auto","user":"u1","messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","name":"Ann","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
              {"role":"tool","tool_call_id":"c1","content":"42"},
              {"role":"user","content":"So?"}]}
            """,
            "agent");

        Assert.Equal("agent", (string?)body["assistant_id"]);
        Assert.Equal("cancel", (string?)body["on_disconnect"]);
        Assert.Equal("u1", (string?)body["metadata"]!["user_id"]);
        Assert.Null(body["stream_mode"]);
        Assert.Equal(
            """[{"type":"system","content":"Be brief."},{"type":"human","content":[{"type":"text","text":"Look:"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}],"name":"Ann"},{"type":"ai","content":"","tool_calls":[{"name":"f","args":{"x":1},"id":"c1","type":"tool_call"}]},{"type":"tool","content":"42","tool_call_id":"c1","status":"success"},{"type":"human","content":"So?"}]""",
            body["input"]!["messages"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Empty(warnings);
    }

    [Fact]
    public void In_a_thread_goes_what_is_new()
    {
        const string Id = "6c1f5b4e-2a0b-4a4f-9f51-0d6f3f9a7e11";
        var (body, warnings) = Upstreams.Write(Format, $$"""
            {"model":"auto","metadata":{"thread_id":"{{Id}}"},"messages":[
              {"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},{"role":"user","content":"So?"}]}
            """);

        Assert.Equal("""[{"type":"human","content":"So?"}]""", body["input"]!["messages"]!.ToJsonString());
        Assert.Equal("create", (string?)body["if_not_exists"]);
        Assert.Equal(["emulated messages"], Upstreams.Told(warnings));

        (body, warnings) = Upstreams.Write(Format, $$$"""{"model":"auto","metadata":{"thread_id":"{{{Id}}}","more":"x"},"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}""");
        Assert.Equal(2, body["input"]!["messages"]!.AsArray().Count);
        Assert.Equal(["dropped metadata"], Upstreams.Told(warnings));
    }

    [Theory]
    [InlineData("my chat")]
    [InlineData("../../assistants")]
    public void A_thread_that_no_server_would_take_is_refused_by_name(string id) =>
        Assert.Contains("metadata.thread_id", Assert.Throws<WireException>(() => Upstreams.Write(Format, $$$"""{"model":"a","metadata":{"thread_id":"{{{id}}}"},"messages":[{"role":"user","content":"Hi"}]}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_stream_asks_for_tokens_and_for_the_state() =>
        Assert.Equal("""["messages-tuple","values"]""", Upstreams.Write(Format, """{"model":"a","stream":true,"messages":[{"role":"user","content":"Hi"}]}""").Body["stream_mode"]!.ToJsonString());

    [Fact]
    public void What_a_graph_decides_itself_is_dropped_with_one_warning_each()
    {
        var (body, warnings) = Upstreams.Write(
            Format,
            """{"model":"a","max_tokens":5,"temperature":0.5,"stop":"x","tools":[{"type":"function","function":{"name":"f"}}],"response_format":{"type":"json_object"},"metadata":{"k":"v"},"messages":[{"role":"user","content":[{"type":"text","text":"Hear"},{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]}]}""");

        Assert.Equal(["dropped max_tokens", "dropped messages[0].content[1]", "dropped metadata", "dropped response_format", "dropped stop", "dropped temperature", "dropped tools"], Upstreams.Told(warnings).Order(StringComparer.Ordinal));
        Assert.Equal("Hear", (string?)body["input"]!["messages"]![0]!["content"]);
    }

    [Fact]
    public void Losses_are_named_as_an_anthropic_caller_wrote_them()
    {
        var request = WireFormats.Get("anthropic-messages").Requests.Read("""{"model":"a","max_tokens":2048,"stop_sequences":["x"],"thinking":{"type":"enabled","budget_tokens":1024},"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"thinking","thinking":"So.","signature":"s"},{"type":"text","text":"Well"}]},{"role":"user","content":"?"}]}"""u8.ToArray());

        Assert.Equal(["dropped max_tokens", "dropped messages[1].content[0]", "dropped stop_sequences", "dropped thinking"], Upstreams.Told(Upstreams.Write(Format, request).Warnings).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_last_message_of_the_state_is_the_answer_and_the_graphs_own_calls_are_counted()
    {
        var answer = Upstreams.Read(Format, LangGraphReplies.Whole);

        Assert.Equal(new Transcript("It is mild.", "Mild?", "", "", FinishReasonKind.Stop, new Usage { InputTokens = 30, OutputTokens = 12, CacheReadInputTokens = 4, ReasoningOutputTokens = 3 }, "ai-2", "waiter-1", true), Transcript.Of(answer));
    }

    [Fact]
    public void A_call_that_nobody_has_answered_is_the_callers_to_run()
    {
        var answer = Upstreams.Read(Format, """{"messages":[{"type":"human","content":"?"},{"type":"ai","id":"a","content":"","tool_calls":[{"name":"f","args":{"x":1},"id":"c1","type":"tool_call"},{"name":"g","args":{}}],"response_metadata":{"stop_reason":"tool_use"}}]}""");

        Assert.Equal("c1 f {\"x\":1}|call_R8CJHHnqXgLhNkYoYWt3BdYr g {}", Transcript.Of(answer).Calls);
        Assert.Equal(FinishReasonKind.ToolCalls, answer.FinishReason.Kind);
        Assert.Null(answer.Usage);
    }

    [Theory]
    [InlineData("""{"__error__":{"error":"Error","message":"{\"error\":\"RateLimitError\",\"message\":\"slow down\"}"}}""", UpstreamFailureKind.RateLimited)]
    [InlineData("""{"__error__":{"error":"AuthenticationError","message":"bad key"}}""", UpstreamFailureKind.AuthenticationFailed)]
    [InlineData("""{"__error__":{"error":"ValueError","message":"the kitchen is closed"}}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"__error__":{"error":"BadRequestError","message":"This model's maximum context length is 8192 tokens"}}""", UpstreamFailureKind.ContextLengthExceeded)]
    [InlineData("""{"messages":[{"type":"human","content":"?"}],"__interrupt__":[{"value":"ok?"}]}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"messages":[{"type":"human","content":"?"}]}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"messages":[{"type":"human","content":"?"},{"type":"ai","content":""}]}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"question":"?","answer":"!"}""", UpstreamFailureKind.ProtocolError)]
    [InlineData("""[1]""", UpstreamFailureKind.ProtocolError)]
    [InlineData("""not json""", UpstreamFailureKind.ProtocolError)]
    public void What_is_no_answer_is_a_failure(string body, object kind) => Assert.Equal(kind, Upstreams.Failure(Format, body).Kind);

    [Theory]
    [InlineData(404, """No assistant found for "nobody".""", UpstreamFailureKind.ModelNotFound)]
    [InlineData(404, """{"detail":"Assistant not found"}""", UpstreamFailureKind.ModelNotFound)]
    [InlineData(422, """{"detail":[{"loc":["body","input"],"msg":"field required","type":"missing"}]}""", UpstreamFailureKind.InvalidRequest)]
    [InlineData(403, """{"detail":"Missing authentication headers"}""", UpstreamFailureKind.AuthenticationFailed)]
    [InlineData(503, "", UpstreamFailureKind.Unavailable)]
    public void Error_replies_are_read_in_both_servers_shapes(int status, string body, object kind) => Assert.Equal(kind, Upstreams.Error(Format, status, body).Kind);

    [Fact]
    public void A_stream_is_read_whatever_its_cuts()
    {
        var (steps, ended) = Upstreams.Decode(Format, LangGraphReplies.Stream);

        Assert.True(ended);
        Assert.Equal(new Transcript("Let me look.\n\nIt is mild.", "", "", "", FinishReasonKind.Stop, new Usage { InputTokens = 20, OutputTokens = 9 }, "ai-1", "waiter-1", true), Transcript.Of(steps));
        Upstreams.AssertSameAtEveryCut(Format, LangGraphReplies.Stream);
    }

    [Fact]
    public void A_cut_stream_is_never_whole()
    {
        // The state after the first step is no answer: its last message is the tool's.
        Upstreams.AssertNeverWholeWhenCutBefore(Format, LangGraphReplies.Stream, LangGraphReplies.LastState);
        Upstreams.AssertNeverWholeWhenCutBefore(Format, LangGraphReplies.Stream.Replace(LangGraphReplies.LastState, "", StringComparison.Ordinal), "event: end\ndata: null\n\n");
    }

    [Fact]
    public void A_server_that_sends_no_end_is_whole_after_the_last_state()
    {
        var (steps, ended) = Upstreams.Decode(Format, LangGraphReplies.Stream.Replace("event: end\ndata: null\n\n", "", StringComparison.Ordinal));

        Assert.True(ended);
        Assert.Equal("Let me look.\n\nIt is mild.", Transcript.Of(steps).Text);
    }

    [Fact]
    public void Calls_reach_the_caller_at_the_end_and_an_answer_that_was_not_streamed_too()
    {
        const string Stream = """
            event: values
            data: {"messages":[{"type":"human","content":"?"}]}

            event: values
            data: {"messages":[{"type":"human","content":"?"},{"type":"ai","id":"a","content":"Look:","tool_calls":[{"name":"f","args":{"x":1},"id":"c1"}]}]}

            event: end
            data: {"run_id":"r","status":"success"}


            """;

        var read = Transcript.Of(Upstreams.Decode(Format, Stream).Steps);

        Assert.Equal(("Look:", "c1 f {\"x\":1}", FinishReasonKind.ToolCalls, true), (read.Text, read.Calls, read.Finish, read.Ended));
    }

    [Theory]
    [InlineData("event: error\ndata: {\"error\":\"RateLimitError\",\"message\":\"slow down\"}\n\n", UpstreamFailureKind.RateLimited)]
    [InlineData("event: end\ndata: {\"run_id\":\"r\",\"status\":\"error\"}\n\n", UpstreamFailureKind.Unavailable)]
    [InlineData("event: end\ndata: {\"run_id\":\"r\",\"status\":\"timeout\"}\n\n", UpstreamFailureKind.Timeout)]
    [InlineData("event: values\ndata: {\"messages\":[],\"__interrupt__\":[{\"value\":1}]}\n\n", UpstreamFailureKind.Unavailable)]
    public void A_failure_inside_the_stream_ends_it(string last, object kind)
    {
        var (steps, ended) = Upstreams.Decode(Format, LangGraphReplies.Piece("ai-1", "Let") + last + "event: end\ndata: null\n\n");

        Assert.False(ended);
        Assert.Equal(kind, Assert.IsType<FailureDelta>(steps[^1]).Failure.Kind);
    }

    [Fact]
    public void A_run_with_nothing_in_it_gives_no_reason_to_take_it_for_an_answer()
    {
        var (steps, _) = Upstreams.Decode(Format, "event: metadata\ndata: {\"run_id\":\"r\"}\n\nevent: values\ndata: {\"messages\":[{\"type\":\"human\",\"content\":\"?\"}]}\n\nevent: end\ndata: null\n\n");

        Assert.Equal([EndDelta.Instance], steps);
    }

    [Fact]
    public void Words_of_tools_and_of_the_caller_are_not_the_models() =>
        Assert.Empty(Upstreams.Decode(Format, "event: messages\ndata: [{\"type\":\"tool\",\"content\":\"42\",\"tool_call_id\":\"c\"},{}]\n\nevent: messages\ndata: [{\"type\":\"human\",\"content\":\"hi\"},{}]\n\n").Steps);

    [Fact]
    public void A_final_message_under_another_id_is_not_said_twice()
    {
        var stream = LangGraphReplies.Piece("run--1", "Hel") + LangGraphReplies.Piece("run--1", "lo")
            + "event: values\ndata: {\"messages\":[{\"type\":\"human\",\"content\":\"?\"},{\"type\":\"ai\",\"id\":\"msg_1\",\"content\":[{\"type\":\"text\",\"text\":\"Hello\"}]}]}\n\n";

        Assert.Equal("Hello", Transcript.Of(Upstreams.Decode(Format, stream).Steps).Text);
    }
}
