using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Providers;
using Sommelier.Tests.Wire.LangGraph;

namespace Sommelier.Tests.Resilience;

/// <summary>Runs of applications, which act: never repeated, stopped when nobody waits, and what they take back is told.</summary>
public sealed class ApplicationRunTests
{
    private const string First = "data: {\"event\":\"message\",\"task_id\":\"t/1\",\"message_id\":\"m\",\"conversation_id\":\"c-1\",\"answer\":\"bad words\"}\n\n";
    private const string Replaced = "data: {\"event\":\"message_replace\",\"message_id\":\"m\",\"answer\":\"sorry\"}\n\n";
    private const string End = "data: {\"event\":\"message_end\",\"message_id\":\"m\",\"metadata\":{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}}\n\n";

    private static string Secret { get; } = LangGraphReplies.Piece("s1", "secret", ",\"usage_metadata\":{\"input_tokens\":8,\"output_tokens\":4}");

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    public async Task A_stream_whose_text_is_taken_back_ends_as_an_error(string caller)
    {
        await using var rig = new AttemptRig();
        rig.Limits = new() { OnBreak = OnBreak.Continue };
        const string Last = "event: values\ndata: {\"messages\":[{\"type\":\"human\",\"content\":\"?\"},{\"type\":\"ai\",\"id\":\"s1\",\"content\":\"[redacted]\"}]}\n\nevent: end\ndata: null\n\n";
        var gate = new TaskCompletionSource();
        Serve(rig, new LangGraph(), "agent", FaultReply.Events([Secret, Last]) with { GateBefore = 1, Gate = gate.Task });
        var other = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true));

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        Assert.Equal((AttemptOutcome.Broken, "answer_withdrawn", 8), (received.Attempt!.Outcome, received.Attempt.Failure!.Code, received.Attempt.Usage!.Value.InputTokens));
        Assert.Contains("took back the text", received.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("[redacted]", received.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(caller == "openai-chat" ? "[DONE]" : "message_stop", received.Text, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task Moderated_text_is_the_whole_answer_and_a_refusal_in_a_stream()
    {
        await using var rig = new AttemptRig();
        var gate = new TaskCompletionSource();
        Serve(rig, new Dify(), "chat", FaultReply.Events([First, Replaced, End]), FaultReply.Events([First, Replaced, End]) with { GateBefore = 1, Gate = gate.Task });

        var whole = JsonNode.Parse((await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false))).Text)!["choices"]![0]!;
        Assert.Equal(("sorry", "content_filter"), ((string?)whole["message"]!["content"], (string?)whole["finish_reason"]));
        Assert.Null((string?)whole["message"]!["refusal"]);

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        gate.SetResult();
        await using var answer = result.Answer!;
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var attempt = await answer.WriteToAsync(pipe.Writer, CancellationToken.None);
        Assert.Equal((AttemptOutcome.Succeeded, FinishReasonKind.ContentFilter), (attempt.Outcome, attempt.FinishReason!.Kind));
        Assert.Contains(answer.LateWarnings, warning => warning is { Code: "replaced", Field: "content" });
        Assert.Equal("c-1", answer.Facts.Conversation);
    }

    public static TheoryData<string, string> Ran => new()
    {
        { "langgraph", """{"messages":[{"type":"human","content":"?"},{"type":"ai","id":"a","content":""}]}""" },
        { "langgraph", """{"__error__":{"error":"RateLimitError","message":"slow down"}}""" },
        { "langgraph", Events("error", """{"error":"ValueError","message":"boom"}""") },
        { "dify", "data: {\"event\":\"workflow_finished\",\"conversation_id\":\"c\",\"data\":{\"status\":\"failed\",\"error\":\"boom\"}}\n\n" },
        { "dify", "data: {\"event\":\"error\",\"status\":400,\"code\":\"completion_request_error\",\"message\":\"no\"}\n\n" },
    };

    [Theory]
    [MemberData(nameof(Ran))]
    public async Task A_run_that_may_have_acted_is_repeated_nowhere(string kind, string body)
    {
        await using var rig = new AttemptRig();
        var reply = body.StartsWith('{') ? FaultReply.Json(body) : FaultReply.Events([body]);
        var first = Serve(rig, ProviderOf(kind), "chat", reply);
        var second = Serve(rig, ProviderOf(kind), "chat-2", reply);

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: !body.StartsWith('{')));

        Assert.Contains("An application may have acted", received.Error!.Message, StringComparison.Ordinal);
        Assert.Single(first.Requests);
        Assert.Empty(second.Requests);
    }

    [Fact]
    public async Task A_run_that_nothing_is_heard_of_is_repeated_nowhere()
    {
        await using var rig = new AttemptRig();
        var first = Serve(rig, new LangGraph(), "agent", FaultReply.ResetAtOnce);
        var second = Serve(rig, new LangGraph(), "agent-2", FaultReply.Json(LangGraphReplies.Whole));

        Assert.NotNull((await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false))).Error);
        Assert.Single(first.Requests);
        Assert.Empty(second.Requests);
    }

    [Theory]
    [InlineData(429, """{"detail":"Too many"}""")]
    [InlineData(503, "")]
    [InlineData(401, """{"detail":"no"}""")]
    public async Task A_run_that_was_refused_is_asked_for_elsewhere(int status, string body)
    {
        await using var rig = new AttemptRig();
        Serve(rig, new LangGraph(), "agent", FaultReply.Error(status, body));
        var second = Serve(rig, new LangGraph(), "agent-2", FaultReply.Json(LangGraphReplies.Whole));

        Assert.Contains("It is mild.", (await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false))).Text, StringComparison.Ordinal);
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task What_an_app_checks_first_is_asked_for_elsewhere()
    {
        await using var rig = new AttemptRig();
        Serve(rig, new Dify(), "chat", FaultReply.Events(["data: {\"event\":\"error\",\"status\":400,\"code\":\"app_unavailable\",\"message\":\"no\"}\n\n"]));
        var second = Serve(rig, new Dify(), "chat-2", FaultReply.Events([First, End]));

        Assert.Contains("bad words", (await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false))).Text, StringComparison.Ordinal);
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task A_broken_run_is_not_begun_anew_by_any_policy()
    {
        await using var rig = new AttemptRig();
        rig.Limits = new() { OnBreak = OnBreak.Restart };
        Serve(rig, new Dify(), "chat", FaultReply.Events([First]) with { End = FaultEnd.Cut });
        var second = Serve(rig, new Dify(), "chat-2", FaultReply.Events([First, End]));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        Assert.Equal(AttemptOutcome.Broken, received.Attempt!.Outcome);
        Assert.Empty(second.Requests);
    }

    [Theory]
    [InlineData("chat", "/chat-messages/t%2F1/stop")]
    [InlineData("completion", "/completion-messages/t%2F1/stop")]
    [InlineData("workflow", "/workflows/tasks/t%2F1/stop")]
    public async Task An_app_whose_caller_leaves_is_stopped(string model, string path)
    {
        await using var rig = new AttemptRig();
        var piece = model == "workflow" ? "data: {\"event\":\"text_chunk\",\"task_id\":\"t/1\",\"data\":{\"text\":\"Hi\"}}\n\n" : First;
        var server = Serve(rig, new Dify(), model, FaultReply.Events([piece]) with { End = FaultEnd.Hang }, FaultReply.Error(500, ""));

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true, more: "\"user\":\"u\\\"1\","));
        await result.Answer!.DisposeAsync();

        var stop = await server.RequestAsync(1);
        Assert.Equal(("POST", path, """{"user":"u\u00221"}"""), (stop.Method, stop.Path, stop.Body));
        Assert.Equal($"Bearer {AttemptRig.Key}", stop.Headers["authorization"]);
    }

    [Fact]
    public async Task An_app_is_stopped_too_when_its_whole_answer_is_not_waited_for()
    {
        await using var rig = new AttemptRig();
        var server = Serve(rig, new Dify(), "chat", FaultReply.Events([First]) with { End = FaultEnd.Hang }, FaultReply.Json("{}"));
        using var caller = new CancellationTokenSource();

        var running = rig.RunAsync(AttemptRig.Call("openai-chat", streamed: false), caller.Token);
        await (await server.RequestAsync(0)).Played;

        // The beginning must have been read to be known.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        await caller.CancelAsync();

        Assert.Equal(GatewayErrorKind.Canceled, (await running).Error!.Kind);
        Assert.Equal("/chat-messages/t%2F1/stop", (await server.RequestAsync(1)).Path);
    }

    [Fact]
    public async Task An_app_that_has_ended_is_left_alone()
    {
        await using var rig = new AttemptRig();
        var server = Serve(rig, new Dify(), "chat", FaultReply.Events([First, End]));

        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));
        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));

        Assert.All(server.Requests, request => Assert.Equal("/chat-messages", request.Path));
    }

    private static string Events(string name, string data) => $"event: metadata\ndata: {{\"run_id\":\"r\"}}\n\nevent: {name}\ndata: {data}\n\n";

    private static Provider ProviderOf(string kind) => kind == "dify" ? new Dify() : new LangGraph();

    private static FaultServer Serve(AttemptRig rig, Provider provider, string model, params FaultReply[] script) =>
        rig.Serve(provider, new() { Id = $"{model}/{model}", Provider = model, Model = model, CanonicalModel = model }, script);
}
