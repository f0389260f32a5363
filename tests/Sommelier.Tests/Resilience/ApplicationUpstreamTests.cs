using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Providers;
using Sommelier.Tests.Wire.LangGraph;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Applications and servers that no caller can imitate, through the whole attempt loop and over real sockets.</summary>
public sealed class ApplicationUpstreamTests
{
    private const string DifyStream = "event: ping\n\ndata: {\"event\":\"message\",\"message_id\":\"m\",\"answer\":\"Hello \"}\n\ndata: {\"event\":\"message\",\"message_id\":\"m\",\"answer\":\"there\"}\n\n";
    private const string DifyEnd = "data: {\"event\":\"message_end\",\"message_id\":\"m\",\"metadata\":{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}}\n\n";

    public static TheoryData<string> Callers => ["openai-chat", "anthropic-messages"];

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task A_graph_answers_whole_and_streamed(string caller)
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(FaultReply.Json(LangGraphReplies.Whole) with { ContentType = "text/plain" }, FaultReply.Events([LangGraphReplies.Stream]).ByteByByte());
        Use(rig, new LangGraph(), server, "agent");

        var whole = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed: false));
        Assert.Equal((AttemptOutcome.Succeeded, 30, 12), (whole.Attempt!.Outcome, whole.Attempt.Usage!.Value.InputTokens, whole.Attempt.Usage.Value.OutputTokens));
        Assert.Contains("It is mild.", whole.Text, StringComparison.Ordinal);

        var streamed = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed: true));
        Assert.Equal((AttemptOutcome.Succeeded, 20, 9), (streamed.Attempt!.Outcome, streamed.Attempt.Usage!.Value.InputTokens, streamed.Attempt.Usage.Value.OutputTokens));
        Assert.Equal("Let me look.\n\nIt is mild.", TextOf(caller, streamed.Text));

        Assert.Equal(["/runs/wait", "/runs/stream"], server.Requests.Select(request => request.Path));
        Assert.All(server.Requests, request => Assert.Equal(AttemptRig.Key, request.Headers["x-api-key"]));
        Assert.Equal("agent", (string?)JsonNode.Parse(server.Requests[1].Body)!["assistant_id"]);
    }

    [Theory]
    [InlineData("chat", "/chat-messages", false)]
    [InlineData("chat", "/chat-messages", true)]
    [InlineData("completion", "/completion-messages", true)]
    public async Task An_app_answers_whole_and_streamed(string model, string path, bool streamed)
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(FaultReply.Events([DifyStream, DifyEnd]).ByteByByte());
        Use(rig, new Dify(), server, model);

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed));

        Assert.Equal((AttemptOutcome.Succeeded, 7, 2), (received.Attempt!.Outcome, received.Attempt.Usage!.Value.InputTokens, received.Attempt.Usage.Value.OutputTokens));
        Assert.Equal("Hello there", streamed ? TextOf("openai-chat", received.Text) : (string?)JsonNode.Parse(received.Text)!["choices"]![0]!["message"]!["content"]);
        Assert.Equal(path, Assert.Single(server.Requests).Path);
        Assert.Equal($"Bearer {AttemptRig.Key}", server.Requests[0].Headers["authorization"]);
    }

    [Fact]
    public async Task A_workflow_is_another_path()
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(FaultReply.Json("""{"workflow_run_id":"w","data":{"status":"succeeded","outputs":{"text":"Done"}}}"""));
        Use(rig, new Dify(), server, "workflow-x");

        var received = await rig.ReceiveAsync(AttemptRig.Call("anthropic-messages", streamed: false));

        Assert.Contains("Done", received.Text, StringComparison.Ordinal);
        Assert.True(received.Attempt!.Usage!.Value.Estimated);
        Assert.Equal("/workflows/run", Assert.Single(server.Requests).Path);
    }

    [Theory]
    [InlineData(false, "/threads/6c1f5b4e-2a0b-4a4f-9f51-0d6f3f9a7e11/runs/wait")]
    [InlineData(true, "/threads/6c1f5b4e-2a0b-4a4f-9f51-0d6f3f9a7e11/runs/stream")]
    public async Task A_thread_that_the_caller_names_is_run_in(bool streamed, string path)
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(streamed ? FaultReply.Events([LangGraphReplies.Stream]) : FaultReply.Json(LangGraphReplies.Whole));
        Use(rig, new LangGraph(), server, "agent");

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed, more: """ "metadata":{"thread_id":"6c1f5b4e-2a0b-4a4f-9f51-0d6f3f9a7e11"},"""));

        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.Equal(path, Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task A_thread_without_a_sound_id_is_the_callers_error()
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(FaultReply.Json(LangGraphReplies.Whole));
        Use(rig, new LangGraph(), server, "agent");

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false, more: """ "metadata":{"thread_id":"mine"},"""));

        Assert.Contains("UUID", received.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_picture_is_uploaded_to_an_app_before_it_is_asked()
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(FaultReply.Json("""{"id":"f-1","name":"file.png","mime_type":"image/png"}""") with { Status = 201 }, FaultReply.Events([DifyStream, DifyEnd]));
        Use(rig, new Dify(), server, "chat");

        var received = await rig.ReceiveAsync(Pictured());

        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.Equal(["/files/upload", "/chat-messages"], server.Requests.Select(request => request.Path));
        Assert.All(server.Requests, request => Assert.Equal($"Bearer {AttemptRig.Key}", request.Headers["authorization"]));
        Assert.StartsWith("multipart/form-data", server.Requests[0].Headers["content-type"], StringComparison.Ordinal);
        Assert.Contains("u-7", server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("filename=file.png", server.Requests[0].Body, StringComparison.Ordinal);
        var asked = JsonNode.Parse(server.Requests[1].Body)!;
        Assert.Equal("u-7", (string?)asked["user"]);
        Assert.Equal("""[{"type":"image","transfer_method":"local_file","upload_file_id":"f-1"}]""", asked["files"]!.ToJsonString());
    }

    [Fact]
    public async Task A_refused_upload_leads_to_the_next_candidate_and_else_to_an_error_that_names_the_app()
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(FaultReply.Json("""{"code":"file_too_large","message":"Too large","status":413}""") with { Status = 413 });
        Use(rig, new Dify(), server, "chat");

        var received = await rig.ReceiveAsync(Pictured());

        Assert.Contains("app/chat", received.Error!.Message, StringComparison.Ordinal);
        Assert.Equal("/files/upload", Assert.Single(server.Requests).Path);
        Assert.Empty(rig.Log);

        var other = rig.Add("openai-chat", FaultReply.Json("""{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Seen"}}]}"""));
        Assert.Contains("Seen", (await rig.ReceiveAsync(Pictured())).Text, StringComparison.Ordinal);
        Assert.Single(other.Requests);
    }

    [Fact]
    public async Task A_picture_that_is_not_base64_is_the_callers_error()
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(FaultReply.Json("{}"));
        Use(rig, new Dify(), server, "chat");

        Assert.Contains("base64", (await rig.ReceiveAsync(Pictured("%%"))).Error!.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Workers_ai_answers_at_the_models_own_address()
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(
            FaultReply.Json("""{"result":{"response":"Hello","usage":{"prompt_tokens":7,"completion_tokens":2}},"success":true,"errors":[],"messages":[]}"""),
            FaultReply.Events(["data: {\"response\":\"Hel\"}\n\n", "data: {\"response\":\"lo\"}\n\n", "data: {\"response\":\"\",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n"]));
        Use(rig, new WorkersAI(), server, "@cf/meta/llama-3.3");

        Assert.Contains("Hello", (await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false))).Text, StringComparison.Ordinal);
        var streamed = await rig.ReceiveAsync(AttemptRig.Call("anthropic-messages", streamed: true));
        Assert.Equal("Hello", TextOf("anthropic-messages", streamed.Text));
        Assert.Equal(7, streamed.Attempt!.Usage!.Value.InputTokens);
        Assert.All(server.Requests, request => Assert.Equal("/run/@cf/meta/llama-3.3", request.Path));
    }

    public static TheoryData<string, string> Failures => new()
    {
        { "langgraph", """{"__error__":{"error":"RateLimitError","message":"slow down"}}""" },
        { "langgraph", "event: metadata\ndata: {\"run_id\":\"r\"}\n\nevent: error\ndata: {\"error\":\"Error\",\"message\":\"closed\"}\n\n" },
        { "langgraph", "event: metadata\ndata: {\"run_id\":\"r\"}\n\nevent: values\ndata: {\"messages\":[{\"type\":\"human\",\"content\":\"?\"}]}\n\n" },
        { "dify", """{"code":"app_unavailable","message":"no","status":400}""" },
        { "dify", "event: ping\n\ndata: {\"event\":\"error\",\"status\":400,\"code\":\"completion_request_error\",\"message\":\"no\"}\n\n" },
        { "dify", "event: ping\n\ndata: {\"event\":\"message_end\"}\n\n" },
        { "cloudflare-run", """{"result":null,"success":false,"errors":[{"code":3040,"message":"full"}]}""" },
        { "cloudflare-run", "data: {\"errors\":[{\"code\":3040,\"message\":\"full\"}]}\n\n" },
        { "cloudflare-run", "data: [DONE]\n\n" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_in_disguise_leads_to_the_next_candidate(string kind, string body)
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(body.StartsWith('{') ? FaultReply.Json(body) : FaultReply.Events([body]));
        Use(rig, ProviderOf(kind), server, "chat");
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        Assert.Equal(ScriptedAnswer.Text, TextOf("openai-chat", received.Text));
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Succeeded], rig.Log.Select(attempt => attempt.Outcome));
    }

    [Theory]
    [InlineData("langgraph")]
    [InlineData("dify")]
    [InlineData("cloudflare-run")]
    public async Task A_stream_that_is_cut_after_its_first_words_is_broken_and_says_so(string kind)
    {
        await using var rig = new AttemptRig();
        var piece = kind switch
        {
            "langgraph" => LangGraphReplies.Piece("ai-1", "Hello"),
            "dify" => DifyStream,
            _ => "data: {\"response\":\"Hello\"}\n\n",
        };
        await using var server = new FaultServer(FaultReply.Events([piece]) with { End = FaultEnd.Cut }, FaultReply.Events([piece]));
        Use(rig, ProviderOf(kind), server, "chat");

        // Once the connection breaks, once it ends in good order but without the end mark.
        for (var round = 0; round < 2; round++)
        {
            var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

            Assert.Equal((AttemptOutcome.Broken, UpstreamFailureKind.ConnectionLost), (received.Attempt!.Outcome, received.Attempt.Failure!.Kind));
            Assert.Contains("Hello", received.Text, StringComparison.Ordinal);
            Assert.Contains("\"error\"", received.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]", received.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_strict_caller_is_refused_rather_than_losing_its_tools()
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(FaultReply.Json(LangGraphReplies.Whole));
        Use(rig, new LangGraph(), server, "agent");

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false, strict: true, more: """ "tools":[{"type":"function","function":{"name":"f"}}],"""));

        Assert.Contains("tools", received.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static Sommelier.Upstream.InboundCall Pictured(string base64 = "iVBORw0KGgo=")
    {
        var call = AttemptRig.Call("openai-chat", streamed: false);
        var body = System.Text.Encoding.UTF8.GetBytes($$$"""{"model":"auto","user":"u-7","messages":[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,{{{base64}}}"}}]}]}""");
        return new() { Format = call.Format, Body = body, Outline = call.Format.Requests.Outline(body), Reply = call.Reply };
    }

    private static Provider ProviderOf(string kind) => kind switch
    {
        "langgraph" => new LangGraph(),
        "dify" => new Dify(),
        _ => new WorkersAI(),
    };

    private static void Use(AttemptRig rig, Provider provider, FaultServer server, string model) => rig.Use(
        new() { Name = "app", Provider = provider, BaseAddress = server.Address, ApiKey = AttemptRig.Key },
        new() { Id = $"app/{model}", Provider = "app", Model = model, CanonicalModel = model });

    private static string TextOf(string caller, string stream) => Wire.OpenAIChat.Transcript.Of(Wire.Upstreams.Decode(WireFormats.Get(caller), stream).Steps).Text;

    /// <summary>Cloudflare with its own endpoint.</summary>
    private sealed class WorkersAI : Provider
    {
        public override string Name => "workers-ai";

        public override Uri? BaseAddress => null;

        public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new("cloudflare-run", "run/{+model}")];
    }
}
