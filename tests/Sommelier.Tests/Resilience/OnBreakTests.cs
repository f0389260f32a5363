using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Upstream;

namespace Sommelier.Tests.Resilience;

/// <summary>What follows a broken stream where the policy has more for it than the error: another deployment goes on, or begins anew.</summary>
public sealed class OnBreakTests
{
    private const string Tools = """ "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],""";
    private const string Schema = """ "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},""";

    public static TheoryData<string, string, string> Legs()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var caller in AttemptRig.Formats)
        {
            foreach (var (first, second) in AttemptRig.Pairs)
            {
                data.Add(caller, first, second);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Legs))]
    public async Task The_next_deployment_goes_on_with_the_text_as_one_answer(string caller, string first, string second)
    {
        await using var rig = Rig(OnBreak.Continue);
        rig.Add(first, ScriptedAnswer.Of(first).Cut(2));
        var next = rig.Add(second, ScriptedAnswer.Of(second).After(2));

        var received = await rig.ReceiveAsync(AttemptRig.Call(caller, streamed: true));

        DialectAsserts.IsWhole(caller, streamed: true, received.Text);
        Assert.Equal(1, Count(received.Text, caller == "openai-chat" ? "\"role\":\"assistant\"" : "event: message_start"));
        Assert.Equal(caller == "openai-chat" ? 0 : 1, Count(received.Text, "event: content_block_start"));
        Assert.Equal([(AttemptOutcome.Broken, true), (AttemptOutcome.Succeeded, true)], rig.Log.Select(attempt => (attempt.Outcome, attempt.OutputCommitted)));
        Assert.Equal([1, 2], rig.Log.Select(attempt => attempt.Number));
        Assert.All(rig.Log, attempt => Assert.True(attempt.CostNanoUsd > 0));

        // The caller's counts are those of both, as the bill is.
        var counts = rig.Log.Sum(attempt => attempt.Usage!.Value.OutputTokens);
        Assert.Contains(caller == "openai-chat" ? $"\"completion_tokens\":{counts}," : $"\"output_tokens\":{counts}", received.Text, StringComparison.Ordinal);
        var messages = Messages(next);
        Assert.Equal(("assistant", "Hello world"), messages[1]);
        Assert.Equal("user", messages[2].Role);
        Assert.Equal(3, messages.Count);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("no end mark")]
    [InlineData("malformed")]
    [InlineData("error event")]
    public async Task It_does_so_however_the_stream_broke(string fault)
    {
        await using var rig = Rig(OnBreak.Continue);
        var answer = ScriptedAnswer.OpenAI;
        var read = new TaskCompletionSource();
        var script = fault switch
        {
            "reset" => answer.Cut(2, FaultEnd.Reset),
            "no end mark" => answer.WithoutEnd(2),
            "malformed" => answer.With(answer.Malformed, 2),
            _ => answer.With(answer.ErrorEvent, 2),
        };
        rig.Add("openai-chat", script with { GateBefore = 2, Gate = read.Task });
        rig.Add("openai-chat", answer.After(fault == "reset" ? 1 : 2));

        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true));
        read.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        // A reset may overtake what was on its way, so that only the ends are certain.
        Assert.StartsWith("Hello", DialectAsserts.Said("openai-chat", received.Text), StringComparison.Ordinal);
        Assert.EndsWith("world!", DialectAsserts.Said("openai-chat", received.Text).Replace("world world", "world", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("[DONE]", received.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("error", received.Text, StringComparison.Ordinal);
        Assert.Equal("continued_after_break", Assert.Single(result.Answer!.LateWarnings).Code);
        Assert.Contains(rig.Plan[0].Id, result.Answer.LateWarnings[0].Detail, StringComparison.Ordinal);
        Assert.Contains(rig.Plan[1].Id, result.Answer.LateWarnings[0].Detail, StringComparison.Ordinal);
        Assert.Equal(rig.Plan[0].Id, result.Answer.AnsweredBy.Id);
    }

    [Fact]
    public async Task A_model_that_takes_a_beginning_gets_it_without_an_instruction()
    {
        await using var rig = Rig(OnBreak.Continue);
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(2));
        var next = rig.Serve(
            new AnthropicCompatible(),
            new() { Id = "p/claude", Provider = "p", Model = "claude", CanonicalModel = "claude", Capabilities = Capabilities.Prefill, MaxOutputTokens = 4096 },
            ScriptedAnswer.Anthropic.After(2));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        DialectAsserts.IsWhole("openai-chat", streamed: true, received.Text);
        Assert.Equal([("user", "Say hello."), ("assistant", "Hello world")], Messages(next));
        using var body = JsonDocument.Parse(next.Requests[0].Body);
        Assert.Equal(50 - (int)rig.Log[0].Usage!.Value.OutputTokens, body.RootElement.GetProperty("max_tokens").GetInt32());
    }

    [Theory]
    [InlineData("a tool call")]
    [InlineData("open thinking")]
    [InlineData("a schema")]
    [InlineData("several answers")]
    [InlineData("the finish")]
    [InlineData("a refusal")]
    [InlineData("a filter")]
    public async Task What_nobody_else_can_finish_ends_with_the_error(string what)
    {
        await using var rig = Rig(OnBreak.Continue);
        string[] begun = what switch
        {
            "a tool call" => [Chunk("""{"content":"Hello"}"""), Chunk("""{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}""")],
            "open thinking" => [Chunk("""{"content":"Hello"}"""), Chunk("""{"reasoning_content":"hm"}""")],
            "the finish" => [Chunk("""{"content":"Hello"}"""), Chunk("{}", "\"stop\"")],
            "a refusal" => [Chunk("""{"refusal":"Hello"}""")],
            "a filter" => [Chunk("""{"content":"Hello"}"""), """data: {"error":{"message":"No","type":"invalid_request_error","param":null,"code":"content_filter"}}""" + "\n\n"],
            "a schema" => [Chunk("""{"content":"{"}""")],
            _ => [Chunk("""{"content":"Hello"}""")],
        };
        var read = new TaskCompletionSource();
        rig.Add("openai-chat", FaultReply.Events(begun) with { End = FaultEnd.Cut, GateBefore = 1, Gate = read.Task });
        var next = rig.Add("openai-chat", ScriptedAnswer.OpenAI.After(1));

        var more = what switch { "a tool call" => Tools, "a schema" => Schema, "several answers" => "\"n\":2,", _ => "" };
        var result = await rig.RunAsync(AttemptRig.Call("openai-chat", streamed: true, more: more));
        read.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        Assert.Contains("\"error\":", received.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", received.Text, StringComparison.Ordinal);
        Assert.Equal(AttemptOutcome.Broken, Assert.Single(rig.Log).Outcome);
        Assert.Empty(next.Requests);
    }

    [Fact]
    public async Task A_thought_that_is_over_does_not_stand_in_the_way()
    {
        await using var rig = Rig(OnBreak.Continue);
        rig.Add("openai-chat", FaultReply.Events([Chunk("""{"reasoning_content":"hm"}"""), Chunk("""{"content":"Hello world"}""")]) with { End = FaultEnd.Cut });
        var next = rig.Add("openai-chat", ScriptedAnswer.OpenAI.After(2));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        DialectAsserts.IsWhole("openai-chat", streamed: true, received.Text);
        Assert.Equal(("assistant", "Hello world"), Messages(next)[1]);
    }

    [Fact]
    public async Task A_second_break_is_told_and_nobody_else_asked()
    {
        await using var rig = Rig(OnBreak.Continue);
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(1));
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(1));
        var third = rig.Add("openai-chat", ScriptedAnswer.OpenAI.After(1));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        DialectAsserts.IsBroken("openai-chat", received.Text, "HelloHello");
        Assert.Equal(AttemptOutcome.Broken, received.Attempt!.Outcome);
        Assert.Equal([AttemptOutcome.Broken, AttemptOutcome.Broken], rig.Log.Select(attempt => attempt.Outcome));
        Assert.Empty(third.Requests);
    }

    [Fact]
    public async Task Candidates_that_fail_at_once_are_passed_over_and_when_none_is_left_the_break_is_told()
    {
        await using var rig = Rig(OnBreak.Continue);
        rig.Limits = rig.Limits with { MaxAttemptsPerDeployment = 1 };
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(2));
        rig.Add("openai-chat", FaultReply.Error(500, ScriptedAnswer.OpenAI.ErrorBody));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true));

        DialectAsserts.IsBroken("openai-chat", received.Text, "Hello world");
        Assert.Equal([AttemptOutcome.Broken, AttemptOutcome.Failed], rig.Log.Select(attempt => attempt.Outcome));
        Assert.Equal(AttemptOutcome.Broken, received.Attempt!.Outcome);
    }

    [Theory]
    [InlineData(OnBreak.Continue)]
    [InlineData(OnBreak.Restart)]
    public async Task A_budget_that_affords_no_more_ends_it(OnBreak how)
    {
        await using var rig = Rig(how);
        rig.Add("openai-chat", ScriptedAnswer.OpenAI.Cut(2));
        var next = rig.Add("openai-chat", ScriptedAnswer.OpenAI.After(2));
        var plain = AttemptRig.Call("openai-chat", streamed: true);
        var asked = 0;

        var received = await rig.ReceiveAsync(new InboundCall
        {
            Format = plain.Format,
            Body = plain.Body,
            Outline = plain.Outline,
            Reply = plain.Reply,
            MayAskAnother = (_, _) => new(++asked < 1),
        });

        DialectAsserts.IsBroken("openai-chat", received.Text, "Hello world");
        Assert.Equal(1, asked);
        Assert.Empty(next.Requests);
    }

    [Theory]
    [MemberData(nameof(Legs))]
    public async Task A_restart_comes_behind_its_mark(string caller, string first, string second)
    {
        await using var rig = Rig(OnBreak.Restart);
        rig.Add(first, ScriptedAnswer.Of(first).Cut(2));
        rig.Add(second, ScriptedAnswer.Of(second).Reply(streamed: true));

        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        var received = await AttemptRig.ReadAsync(result.Answer!);

        var mark = $$"""event: sommelier.restart{{"\n"}}data: {"type":"sommelier.restart","choices":[],"from":"{{rig.Plan[0].Id}}","to":"{{rig.Plan[1].Id}}"}{{"\n\n"}}""";
        var halves = received.Text.Split(mark);
        Assert.Equal(2, halves.Length);
        Assert.Equal("Hello world", DialectAsserts.Said(caller, halves[0]));
        DialectAsserts.IsWhole(caller, streamed: true, halves[1]);
        Assert.Equal([AttemptOutcome.Broken, AttemptOutcome.Succeeded], rig.Log.Select(attempt => attempt.Outcome));
        Assert.Equal("restarted_after_break", result.Answer!.LateWarnings[0].Code);
        Assert.Equal(rig.Plan[1].Id, result.Answer.AnsweredBy.Id);
    }

    [Fact]
    public async Task A_tool_call_is_never_issued_twice()
    {
        await using var rig = Rig(OnBreak.Restart);
        rig.Add("openai-chat", FaultReply.Events([Chunk("""{"tool_calls":[{"index":0,"id":"c","type":"function","function":{"name":"f","arguments":"{"}}]}""")]) with { End = FaultEnd.Cut });
        var next = rig.Add("openai-chat", ScriptedAnswer.OpenAI.Reply(streamed: true));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: true, more: Tools));

        Assert.Contains("\"error\":", received.Text, StringComparison.Ordinal);
        Assert.Empty(next.Requests);
    }

    private static AttemptRig Rig(OnBreak how) => new() { Limits = new() { OnBreak = how } };

    private static string Chunk(string delta, string finish = "null") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""" + "\n\n";

    private static int Count(string text, string what) => text.Split(what).Length - 1;

    private static List<(string Role, string Text)> Messages(FaultServer server)
    {
        using var body = JsonDocument.Parse(Assert.Single(server.Requests).Body);
        return [.. body.RootElement.GetProperty("messages").EnumerateArray().Select(message =>
        {
            var content = message.GetProperty("content");
            return (message.GetProperty("role").GetString()!, content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!);
        })];
    }
}
