using Sommelier.Upstream;

namespace Sommelier.Tests.Resilience;

/// <summary>Headers that change what the caller's own vendor does reach a provider of its dialect, and are told where another one answers.</summary>
public sealed class LostHeadersTests
{
    [Theory]
    [InlineData("anthropic-beta", "context-1m-2025-08-07", "context-1m-2025-08-07")]
    [InlineData("anthropic-beta", "claude-code-20250219, interleaved-thinking-2025-05-14,output-300k-2026-03-24", "interleaved-thinking-2025-05-14, output-300k-2026-03-24")]
    [InlineData("anthropic-beta", "something-new-2027-01-01", "something-new-2027-01-01")]
    [InlineData("openai-beta", "realtime=v1", "realtime=v1")]
    [InlineData("x-vertex-ai-llm-shared-request-type", "priority", "priority")]
    public async Task A_header_that_another_vendor_does_not_know_is_told_and_refused_where_nothing_may_be_lost(string name, string value, string told)
    {
        var caller = name == "anthropic-beta" ? "anthropic-messages" : "openai-chat";
        var target = name == "anthropic-beta" ? "openai-chat" : "anthropic-messages";
        await using var rig = new AttemptRig();
        var reply = FaultReply.Json(target == "openai-chat" ? ScriptedAnswer.OpenAI.WholeBody : ScriptedAnswer.Anthropic.WholeBody);
        rig.Add(target, reply, reply);

        var answered = await rig.RunAsync(Call(caller, strict: false, name, value));
        Assert.EndsWith($": {told}", Assert.Single(answered.Answer!.Warnings, warning => warning.Code == "dropped" && warning.Field == name).Detail, StringComparison.Ordinal);
        await answered.Answer.DisposeAsync();

        var refused = await rig.RunAsync(Call(caller, strict: true, name, value));
        Assert.Equal((400, name), (refused.Error!.Status, refused.Error.Field));
    }

    [Theory]
    [InlineData("anthropic-messages", "anthropic-beta", "claude-code-20250219,prompt-caching-2024-07-31,fine-grained-tool-streaming-2025-05-14")]
    [InlineData("anthropic-messages", "anthropic-version", "2023-06-01")]
    [InlineData("openai-chat", "openai-beta", "responses=experimental")]
    public async Task One_that_changes_no_answer_by_itself_is_not(string caller, string name, string value)
    {
        await using var rig = new AttemptRig();
        rig.Add(caller == "openai-chat" ? "anthropic-messages" : "openai-chat", FaultReply.Json(caller == "openai-chat" ? ScriptedAnswer.Anthropic.WholeBody : ScriptedAnswer.OpenAI.WholeBody));

        var answered = await rig.RunAsync(Call(caller, strict: true, name, value));
        Assert.DoesNotContain(answered.Answer!.Warnings, warning => warning.Field == name);
        await answered.Answer.DisposeAsync();
    }

    [Fact]
    public async Task The_callers_own_vendor_gets_it()
    {
        await using var rig = new AttemptRig();
        var server = rig.Add("anthropic-messages", FaultReply.Json(ScriptedAnswer.Anthropic.WholeBody));

        var answered = await rig.RunAsync(Call("anthropic-messages", strict: true, "anthropic-beta", "context-1m-2025-08-07"));
        Assert.Empty(answered.Answer!.Warnings);
        await answered.Answer.DisposeAsync();
        Assert.Equal("context-1m-2025-08-07", server.Requests[0].Headers["anthropic-beta"]);
    }

    private static InboundCall Call(string format, bool strict, string name, string value)
    {
        var call = AttemptRig.Call(format, streamed: false);
        return new() { Format = call.Format, Body = call.Body, Outline = call.Outline, Reply = call.Reply, Strict = strict, ForwardedHeaders = [new(name, value)] };
    }
}
