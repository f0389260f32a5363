using Sommelier.Canonical;
using Sommelier.Tests.Wire.OpenAIChat;
using Sommelier.Wire;
using Sommelier.Wire.Dify;

namespace Sommelier.Tests.Wire.Dify;

public sealed class DifyTests
{
    private const string Conversation = """
        {"model":"auto","stream":true,"user":"u1","messages":[
          {"role":"system","content":"Be brief."},
          {"role":"user","content":"Hi"},
          {"role":"assistant","content":"Hello."},
          {"role":"user","content":[{"type":"text","text":"And this?"},{"type":"image_url","image_url":{"url":"https://example.org/a.png"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}
        """;

    private static readonly IWireFormat Format = DifyFormat.Instance;

    private static string Stream { get; } =
        "event: ping\n\n"
        + "data: {\"event\": \"workflow_started\", \"task_id\": \"t\", \"workflow_run_id\": \"w\", \"data\": {\"id\": \"w\"}}\n\n"
        + "data: {\"event\": \"reasoning_chunk\", \"task_id\": \"t\", \"message_id\": \"m-1\", \"data\": {\"reasoning\": \"Hm.\", \"is_final\": true}}\n\n"
        + "data: {\"event\": \"message\", \"message_id\": \"m-1\", \"conversation_id\": \"c\", \"answer\": \"Gr\\u00fc\"}\n\n"
        + "data: {\"event\": \"message\", \"message_id\": \"m-1\", \"conversation_id\": \"c\", \"answer\": \"ß Gott\"}\n\n"
        + "data: {\"event\": \"tts_message\", \"audio\": \"AAAA\"}\n\n"
        + "data: {\"event\": \"workflow_finished\", \"conversation_id\": \"c\", \"data\": {\"status\": \"succeeded\", \"outputs\": {\"answer\": \"Grüß Gott\"}}}\n\n"
        + "data: {\"event\": \"message_end\", \"message_id\": \"m-1\", \"conversation_id\": \"c\", \"metadata\": {\"usage\": {\"prompt_tokens\": 10, \"completion_tokens\": 4, \"total_tokens\": 14, \"total_price\": \"0.001\"}}}\n\n";

    [Fact]
    public void The_last_turn_is_the_query_and_the_earlier_ones_are_told_in_it()
    {
        var (body, warnings) = Upstreams.Write(Format, Conversation, "chat");

        Assert.Equal("Instructions:\nBe brief.\n\nThe conversation so far:\nUser: Hi\nAssistant: Hello.\n\nNow:\nAnd this?", (string?)body["query"]);
        Assert.Equal("u1", (string?)body["user"]);
        Assert.Equal("streaming", (string?)body["response_mode"]);
        Assert.Equal("{}", body["inputs"]!.ToJsonString());
        Assert.Equal("""[{"type":"image","transfer_method":"remote_url","url":"https://example.org/a.png"}]""", body["files"]!.ToJsonString());
        Assert.Equal(["dropped messages[3].content[2]", "emulated messages", "emulated system"], Upstreams.Told(warnings).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void In_a_conversation_of_Difys_only_what_is_new_is_asked()
    {
        var (body, warnings) = Upstreams.Write(Format, Conversation.Replace("\"user\":\"u1\",", "\"user\":\"u1\",\"metadata\":{\"conversation_id\":\"c-1\"},", StringComparison.Ordinal), "chat");

        Assert.Equal(("And this?", "c-1"), ((string?)body["query"], (string?)body["conversation_id"]));
        Assert.DoesNotContain("dropped metadata", Upstreams.Told(warnings));
        Assert.Contains("emulated messages", Upstreams.Told(warnings));

        (body, warnings) = Upstreams.Write(Format, """{"model":"auto","metadata":{"conversation_id":"c-1"},"messages":[{"role":"user","content":"Hi"}]}""", "workflow");
        Assert.Null(body["conversation_id"]);
        Assert.Equal(["dropped metadata"], Upstreams.Told(warnings));
    }

    [Fact]
    public void Another_vendors_file_is_no_file_of_Difys()
    {
        var (body, warnings) = Upstreams.Write(Format, """{"model":"a","messages":[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"file","file":{"file_id":"file-1"}}]}]}""", "chat");

        Assert.Null(body["files"]);
        Assert.Equal(["dropped messages[0].content[1]"], Upstreams.Told(warnings));
    }

    [Fact]
    public void A_lone_question_goes_as_it_is_and_somebody_must_be_the_user()
    {
        var (body, warnings) = Upstreams.Write(Format, """{"model":"auto","messages":[{"role":"user","content":"Hi"}]}""", "chat");

        Assert.Equal(("Hi", "sommelier"), ((string?)body["query"], (string?)body["user"]));
        Assert.Empty(warnings);

        // Agents answer in streams only; a whole answer is put together from one.
        Assert.Equal("streaming", (string?)body["response_mode"]);
    }

    [Theory]
    [InlineData("workflow")]
    [InlineData("workflow-invoices")]
    [InlineData("completion")]
    public void Other_apps_than_chats_take_the_query_among_their_inputs(string model)
    {
        var (body, _) = Upstreams.Write(Format, """{"model":"auto","messages":[{"role":"user","content":"Hi"}]}""", model);

        Assert.Equal("Hi", (string?)body["inputs"]!["query"]);
        Assert.Null(body["query"]);
        Assert.Equal("blocking", (string?)body["response_mode"]);
    }

    [Fact]
    public void Tools_and_settings_are_dropped_with_a_warning_and_their_history_is_told()
    {
        var (body, warnings) = Upstreams.Write(
            Format,
            """{"model":"a","temperature":1,"tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"?"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"42"}]}""",
            "chat");

        Assert.Equal("The conversation so far:\nUser: ?\nAssistant: [called f with {}]\n\nNow:\nTool: [the tool answered: 42]", (string?)body["query"]);
        Assert.Equal(["dropped temperature", "dropped tools", "emulated messages"], Upstreams.Told(warnings).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Whole_answers_of_messages_and_of_workflows_are_read()
    {
        var message = Upstreams.Read(Format, """{"event":"message","task_id":"t","message_id":"m-1","conversation_id":"c","mode":"chat","answer":"Hi","metadata":{"usage":{"prompt_tokens":10,"completion_tokens":4}},"created_at":1780000000}""");
        Assert.Equal(new Transcript("Hi", "", "", "", FinishReasonKind.Stop, new Usage { InputTokens = 10, OutputTokens = 4 }, "m-1", null, true), Transcript.Of(message));
        Assert.Equal(1780000000, message.Created!.Value.ToUnixTimeSeconds());

        var workflow = Upstreams.Read(Format, """{"workflow_run_id":"w","task_id":"t","data":{"id":"w","status":"succeeded","outputs":{"n":1,"result":"Bonjour"},"total_tokens":9}}""");
        Assert.Equal(new Transcript("Bonjour", "", "", "", FinishReasonKind.Stop, new Usage { InputTokens = 7, OutputTokens = 2, Estimated = true }, "w", null, true), Transcript.Of(workflow));
    }

    [Theory]
    [InlineData("""{"lonely":"text"}""", "text")]
    [InlineData("""{"a":1,"b":[2]}""", """{"a":1,"b":[2]}""")]
    public void Outputs_without_a_usual_name_are_told_as_they_are(string outputs, string expected) =>
        Assert.Equal(expected, Transcript.Of(Upstreams.Read(Format, $$$"""{"workflow_run_id":"w","data":{"status":"succeeded","outputs":{{{outputs}}}}}""")).Text);

    [Theory]
    [InlineData("""{"workflow_run_id":"w","data":{"status":"failed","error":"node broke","outputs":null}}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"workflow_run_id":"w","data":{"status":"paused"}}""", UpstreamFailureKind.Unavailable)]
    [InlineData("""{"workflow_run_id":"w","data":{"status":"succeeded","outputs":{}}}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"answer":""}""", UpstreamFailureKind.EmptyAnswer)]
    [InlineData("""{"code":"provider_quota_exceeded","message":"no","status":400}""", UpstreamFailureKind.QuotaExhausted)]
    [InlineData("""{}""", UpstreamFailureKind.ProtocolError)]
    public void What_is_no_answer_is_a_failure(string body, object kind) => Assert.Equal(kind, Upstreams.Failure(Format, body).Kind);

    [Theory]
    [InlineData(400, "not_chat_app", UpstreamFailureKind.ModelNotFound)]
    [InlineData(400, "provider_quota_exceeded", UpstreamFailureKind.QuotaExhausted)]
    [InlineData(400, "invalid_param", UpstreamFailureKind.InvalidRequest)]
    [InlineData(400, "completion_request_error", UpstreamFailureKind.Unavailable)]
    [InlineData(401, "unauthorized", UpstreamFailureKind.AuthenticationFailed)]
    [InlineData(429, "too_many_requests", UpstreamFailureKind.RateLimited)]
    [InlineData(500, "internal_server_error", UpstreamFailureKind.Unavailable)]
    public void Error_codes_are_known(int status, string code, object kind)
    {
        var failure = Upstreams.Error(Format, status, $$"""{"code":"{{code}}","message":"words","status":{{status}}}""");

        Assert.Equal((kind, "words", code), (failure.Kind, failure.Message, failure.Code));
    }

    [Fact]
    public void A_stream_is_read_whatever_its_cuts()
    {
        var (steps, ended) = Upstreams.Decode(Format, Stream);

        Assert.True(ended);
        Assert.Equal(new Transcript("Grüß Gott", "Hm.", "", "", FinishReasonKind.Stop, new Usage { InputTokens = 10, OutputTokens = 4 }, "m-1", null, true), Transcript.Of(steps));
        Upstreams.AssertSameAtEveryCut(Format, Stream);
    }

    [Fact]
    public void A_cut_stream_is_never_whole() => Upstreams.AssertNeverWholeWhenCutBefore(Format, Stream, "\"0.001\"}}}");

    [Fact]
    public void A_workflow_ends_when_it_has_finished()
    {
        const string Stream = "data: {\"event\":\"workflow_started\",\"workflow_run_id\":\"w\"}\n\ndata: {\"event\":\"text_chunk\",\"workflow_run_id\":\"w\",\"data\":{\"text\":\"Bon\"}}\n\ndata: {\"event\":\"text_chunk\",\"workflow_run_id\":\"w\",\"data\":{\"text\":\"jour\"}}\n\ndata: {\"event\":\"workflow_finished\",\"workflow_run_id\":\"w\",\"data\":{\"status\":\"succeeded\",\"outputs\":{\"text\":\"Bonjour\"}}}\n\n";
        const string Silent = "data: {\"event\":\"workflow_finished\",\"workflow_run_id\":\"w\",\"data\":{\"status\":\"succeeded\",\"outputs\":{\"text\":\"Bonjour\"}}}\n\n";

        foreach (var stream in new[] { Stream, Silent })
        {
            var read = Transcript.Of(Upstreams.Decode(Format, stream).Steps);
            Assert.Equal(("Bonjour", "w", FinishReasonKind.Stop, true), (read.Text, read.Id, read.Finish, read.Ended));
        }

        Upstreams.AssertNeverWholeWhenCutBefore(Format, Stream, "\"Bonjour\"}}}");
    }

    [Fact]
    public void Moderation_swaps_the_text_and_is_told_as_a_filter()
    {
        var read = Transcript.Of(Upstreams.Decode(Format, "data: {\"event\":\"message\",\"message_id\":\"m\",\"answer\":\"Ba\"}\n\ndata: {\"event\":\"message_replace\",\"message_id\":\"m\",\"answer\":\"I would rather not.\"}\n\ndata: {\"event\":\"message_end\",\"message_id\":\"m\"}\n\n").Steps);

        Assert.Equal(("Ba", "I would rather not.", FinishReasonKind.ContentFilter, true), (read.Text, read.Refusal, read.Finish, read.Ended));
    }

    [Fact]
    public void An_agents_thoughts_are_not_said_twice()
    {
        var read = Transcript.Of(Upstreams.Decode(Format, "data: {\"event\":\"agent_thought\",\"thought\":\"\"}\n\ndata: {\"event\":\"agent_message\",\"message_id\":\"m\",\"answer\":\"Hi\"}\n\ndata: {\"event\":\"agent_thought\",\"thought\":\"Hi\",\"tool\":\"x\"}\n\ndata: {\"event\":\"message_file\",\"url\":\"u\"}\n\ndata: {\"event\":\"message_end\"}\n\n").Steps);

        Assert.Equal(("Hi", "", true), (read.Text, read.Thinking, read.Ended));
    }

    [Theory]
    [InlineData("{\"event\":\"error\",\"status\":400,\"code\":\"provider_quota_exceeded\",\"message\":\"no\"}", UpstreamFailureKind.QuotaExhausted)]
    [InlineData("{\"event\":\"error\",\"status\":500,\"message\":\"broke\"}", UpstreamFailureKind.Unavailable)]
    [InlineData("{\"event\":\"workflow_finished\",\"data\":{\"status\":\"failed\",\"error\":\"Rate limit reached\"}}", UpstreamFailureKind.RateLimited)]
    [InlineData("{\"event\":\"human_input_required\",\"data\":{}}", UpstreamFailureKind.Unavailable)]
    public void A_failure_inside_the_stream_ends_it(string last, object kind)
    {
        var (steps, ended) = Upstreams.Decode(Format, $"data: {{\"event\":\"message\",\"answer\":\"Ba\"}}\n\ndata: {last}\n\ndata: {{\"event\":\"message_end\"}}\n\n");

        Assert.False(ended);
        Assert.Equal(kind, Assert.IsType<FailureDelta>(steps[^1]).Failure.Kind);
    }

    [Fact]
    public void An_answer_with_nothing_in_it_gives_no_reason_to_take_it_for_one() =>
        Assert.Equal([EndDelta.Instance], Upstreams.Decode(Format, "data: {\"event\":\"message\",\"answer\":\"\"}\n\ndata: {\"event\":\"message_end\"}\n\n").Steps);
}
