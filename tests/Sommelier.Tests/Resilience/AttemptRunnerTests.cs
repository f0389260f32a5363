using Sommelier.Canonical;
using Sommelier.Providers;

namespace Sommelier.Tests.Resilience;

public sealed class AttemptRunnerTests
{
    [Theory]
    [InlineData("openai-chat")]
    [InlineData("anthropic-messages")]
    public async Task The_key_is_sent_and_never_said(string format)
    {
        await using var rig = new AttemptRig();
        var echo = $$$"""{"error":{"message":"Incorrect API key provided: {{{AttemptRig.Key}}}.","type":"invalid_request_error","code":"invalid_api_key"}}""";
        var server = rig.Add(format, FaultReply.Error(401, echo));

        var received = await rig.ReceiveAsync(AttemptRig.Call(format, streamed: true));

        var headers = server.Requests[0].Headers;
        Assert.Equal(format == "openai-chat" ? $"Bearer {AttemptRig.Key}" : AttemptRig.Key, headers[format == "openai-chat" ? "Authorization" : "x-api-key"]);
        Assert.DoesNotContain(AttemptRig.Key, received.Error!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(AttemptRig.Key, rig.Log[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(AttemptRig.Key, string.Concat(rig.Events.Refused), StringComparison.Ordinal);
    }

    [Fact]
    public void A_binding_hides_its_key()
    {
        var binding = new Sommelier.Upstream.ProviderBinding { Name = "x", Provider = new OpenAICompatible(), BaseAddress = new("http://x/"), ApiKey = AttemptRig.Key };
        Assert.DoesNotContain(AttemptRig.Key, binding.ToString() + new Sommelier.Upstream.BoundProvider(binding), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strict_caller_is_refused_before_anything_is_sent()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("anthropic-messages", ScriptedAnswer.Anthropic.Reply(streamed: false));

        var strict = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false, strict: true, more: "\"logit_bias\":{\"50256\":-100},"));
        Assert.Equal(400, strict.Error!.Status);
        Assert.Contains("logit_bias", strict.Error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.Empty(rig.Log);

        var lenient = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: false, more: "\"logit_bias\":{\"50256\":-100},"));
        Assert.Contains(lenient.Answer!.Warnings, warning => warning is { Code: "dropped", Field: "logit_bias" });
        await lenient.Answer.DisposeAsync();
    }

    [Fact]
    public async Task A_strict_callers_fields_go_to_a_candidate_that_can_express_them()
    {
        await using var rig = new AttemptRig();
        var lossy = rig.Add("anthropic-messages", ScriptedAnswer.Anthropic.Reply(streamed: false));
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: false));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false, strict: true, more: "\"logit_bias\":{\"50256\":-100},"));

        Assert.Null(received.Error);
        Assert.Empty(lossy.Requests);
    }

    [Theory]
    [InlineData("openai-chat", "/v1/chat/completions")]
    [InlineData("anthropic-messages", "/v1/messages")]
    public async Task A_provider_with_both_formats_is_spoken_to_in_the_callers(string caller, string path)
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(ScriptedAnswer.Of(caller).Reply(streamed: true));
        UseVLlm(rig, server);

        var received = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed: true));

        Assert.Equal(path, server.Requests[0].Path);
        Assert.Equal(string.Concat(ScriptedAnswer.Of(caller).StreamEvents), received.Text);
    }

    [Fact]
    public async Task An_older_server_without_the_second_endpoint_is_spoken_to_in_its_own_format()
    {
        await using var rig = new AttemptRig();
        await using var server = new FaultServer(
            FaultReply.Error(404, """{"detail":"Not Found"}"""),
            ScriptedAnswer.OpenAI.Reply(streamed: false));
        UseVLlm(rig, server);

        var received = await rig.ReceiveAsync(AttemptRig.Call("anthropic-messages", streamed: false));

        DialectAsserts.IsWhole("anthropic-messages", streamed: false, received.Text);
        Assert.Equal(["/v1/messages", "/v1/chat/completions"], server.Requests.Select(request => request.Path));
        Assert.Single(rig.Log);
        Assert.Empty(rig.Events.Refused);
    }

    [Fact]
    public async Task A_large_body_arrives_whole()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true));
        var text = string.Concat(Enumerable.Repeat("0123456789abcdef", 128 * 1024));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true, text));

        DialectAsserts.IsWhole("openai-chat", streamed: true, received.Text);
        Assert.Contains(text, server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_answer_arrives_whole()
    {
        await using var rig = new AttemptRig();
        var text = string.Concat(Enumerable.Repeat("0123456789abcdef", 64 * 1024));
        rig.Add("openai-chat", FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody.Replace(ScriptedAnswer.Text, text, StringComparison.Ordinal)));

        Assert.Contains(text, (await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hundred_at_once_get_their_own_answers()
    {
        await using var rig = new AttemptRig();
        rig.Add("openai-chat", FaultReply.Error(503, ScriptedAnswer.OpenAI.ErrorBody), ScriptedAnswer.OpenAI.Reply(streamed: true));
        rig.Add("anthropic-messages", ScriptedAnswer.Anthropic.Reply(streamed: true));

        var all = Enumerable.Range(0, 200).Select(async i =>
        {
            var log = new List<Attempt>();
            var received = await rig.ReceiveAsync(AttemptRig.Call(AttemptRig.Formats[i % 2], streamed: true), log);
            DialectAsserts.IsWhole(AttemptRig.Formats[i % 2], streamed: true, received.Text);
            return log;
        });

        var logs = await Task.WhenAll(all);
        Assert.All(logs, log => Assert.Equal(AttemptOutcome.Succeeded, log[^1].Outcome));
        Assert.Equal(201, logs.Sum(log => log.Count));
    }

    [Fact]
    public async Task Candidates_that_nobody_configured_are_passed_over_and_named_when_there_are_no_others()
    {
        await using var rig = new AttemptRig();
        var unbound = new Sommelier.Catalog.Deployment { Id = "ghost/m", Provider = "ghost", Model = "m", CanonicalModel = "m" };
        var result = await rig.Runner.RunAsync(
            AttemptRig.Call("openai-chat", streamed: false), [unbound], Sommelier.Upstream.ProviderBindings.Empty, rig.Limits, rig.Log, CancellationToken.None);

        Assert.Equal("no_provider", result.Error!.Code);
        Assert.Equal(503, result.Error.Status);
    }

    [Fact]
    public async Task The_cost_that_a_sommelier_caller_sees_holds_what_failed_before_it()
    {
        await using var rig = new AttemptRig();
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true));
        rig.Log.Add(new() { Number = 1, DeploymentId = "x/y", RequestModel = "y", StartedAt = rig.Time.GetUtcNow(), Outcome = AttemptOutcome.Failed, CostNanoUsd = 1_000_000 });

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true, more: "\"sommelier\":{},"));

        Assert.Contains("\"cost_usd\":0.001022", received.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_before_a_trial_is_sent_leaves_the_next_one_its_turn()
    {
        await using var rig = new AttemptRig(new() { FailuresToOpen = 1 });
        var server = rig.Add("openai-chat", FaultReply.Error(500, ScriptedAnswer.OpenAI.ErrorBody, ("x-should-retry", "false")));
        await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false));
        rig.Time.Advance(TimeSpan.FromSeconds(10));

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: false), new CancellationToken(canceled: true));

        Assert.Equal(GatewayErrorKind.Canceled, result.Error!.Kind);
        Assert.Single(server.Requests);
        Assert.True(rig.Health.Admit(rig.Plan[0].Id));
    }

    [Fact]
    public async Task Finding_the_right_endpoint_does_not_use_up_the_only_attempt()
    {
        await using var rig = new AttemptRig { Limits = new() { MaxAttempts = 1 } };
        await using var server = new FaultServer(
            FaultReply.Error(404, """{"detail":"Not Found"}"""),
            ScriptedAnswer.OpenAI.Reply(streamed: false));
        UseVLlm(rig, server);

        var received = await rig.ReceiveAsync(AttemptRig.Call("anthropic-messages", streamed: false));

        DialectAsserts.IsWhole("anthropic-messages", streamed: false, received.Text);
    }

    private static void UseVLlm(AttemptRig rig, FaultServer server) => rig.Use(
        new() { Name = "vllm", Provider = new VLlm(), BaseAddress = new(server.Address, "v1/") },
        new() { Id = "vllm/m", Provider = "vllm", Model = "m", CanonicalModel = "m", MaxOutputTokens = 4096 });
}
