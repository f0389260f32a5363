using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using static Sommelier.Tests.Resilience.AnswerForms;

namespace Sommelier.Tests.Resilience;

/// <summary>Answers of models that are only asked for a form: whoever does not keep to it has failed.</summary>
public sealed class AnswerFormTests
{
    [Theory]
    [InlineData(false, OnlyJson)]
    [InlineData(true, OnlyJson)]
    [InlineData(false, Unknown)]
    [InlineData(true, Unknown)]
    public async Task A_good_answer_passes(bool streamed, string provider)
    {
        await using var rig = new AttemptRig();
        Add(rig, Good, streamed, provider);

        var received = await rig.ReceiveAsync(Call(streamed));

        Assert.Equal(Good, Text(received.Text, streamed));
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
    }

    [Theory]
    [InlineData(OnlyJson, Bad, false, "$.items[0].price must be of type number")]
    [InlineData(OnlyJson, "Here you are: {}", false, "the answer is not JSON")]
    [InlineData(OnlyJson, "```json\nHere you are\n```", true, "the answer is not JSON")]
    [InlineData(OnlyJson, "  Sure!", true, "the answer is not JSON")]
    [InlineData(Unknown, Bad, false, "$.items[0].price must be of type number")]
    [InlineData(Unknown, "Here you are: {}", false, "the answer is not JSON")]
    [InlineData(Unknown, "  Sure!", true, "the answer is not JSON")]
    public async Task The_next_candidate_answers_for_a_wrong_one(string provider, string answer, bool streamed, string why)
    {
        await using var rig = new AttemptRig();
        Add(rig, answer, streamed, provider);
        Add(rig, Good, streamed, provider);

        var received = await rig.ReceiveAsync(Call(streamed));

        Assert.Equal(Good, Text(received.Text, streamed));
        var failed = rig.Log[0];
        Assert.Equal((AttemptOutcome.Failed, UpstreamFailureKind.InvalidAnswer), (failed.Outcome, failed.Failure!.Kind));
        Assert.Equal(why, failed.Failure.Message);

        // The vendor made it, so it costs.
        Assert.True(failed.CostNanoUsd > 0);
    }

    [Theory]
    [InlineData("[{\"price\":3}]}", null)]
    [InlineData(Good, null)]
    [InlineData("[{\"price\":true}]}", "$.items[0].price must be of type number")]
    [InlineData("[{\"price\":3}", "the answer is not JSON")]
    public async Task An_answer_that_the_caller_has_begun_is_checked_with_its_beginning(string rest, string? why)
    {
        foreach (var streamed in new[] { false, true })
        {
            foreach (var provider in new[] { OnlyJson, Unknown })
            {
                await using var rig = new AttemptRig();
                Add(rig, rest, streamed, provider);

                var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed, text: Begun, more: Form));

                if (why is null)
                {
                    Assert.Equal(rest, Text(received.Text, streamed));
                    Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
                }
                else
                {
                    Assert.Contains(why, received.Error?.Message ?? received.Text, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task The_rest_of_a_begun_answer_is_asked_for_in_words_not_by_a_tool_that_writes_whole_ones()
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(
            new AnthropicCompatible(), Deployment(rig, "claude"), FaultReply.Json(ScriptedAnswer.Anthropic.WholeBody.Replace("\"Hello world!\"", Quoted("[]}"), StringComparison.Ordinal)));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false, text: Begun, more: Form));

        Assert.Equal("[]}", Text(received.Text, streamed: false));
        var asked = JsonNode.Parse(Assert.Single(server.Requests).Body)!;
        Assert.Null(asked["tools"]);
        Assert.Null(asked["output_config"]);
        Assert.EndsWith(Schema, (string)asked["system"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_nobody_left_the_caller_learns_where_and_not_what()
    {
        await using var rig = new AttemptRig();
        var server = Add(rig, Bad, streamed: false);

        var received = await rig.ReceiveAsync(Call(streamed: false));

        var error = received.Error!;
        Assert.Equal((502, "invalid_answer", "response_format"), (error.Status, error.Code, error.Field));
        Assert.Contains("$.items[0].price must be of type number", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);

        // The same model is not paid for the same mistake again, and is no less healthy for it.
        Assert.Single(server.Requests);
        Assert.Equal(0, rig.Health.Snapshot(rig.Time.GetUtcNow()).Get(rig.Plan[0].Id).ErrorRate);
    }

    [Theory]
    [InlineData("openai-chat", OnlyJson)]
    [InlineData("anthropic-messages", OnlyJson)]
    [InlineData("openai-chat", Unknown)]
    [InlineData("anthropic-messages", Unknown)]
    public async Task A_stream_against_its_schema_breaks_before_its_end_is_told(string caller, string provider)
    {
        await using var rig = new AttemptRig();
        var gate = new TaskCompletionSource();
        Serve(rig, Stream(Bad) with { GateBefore = 2, Gate = gate.Task }, provider);
        Add(rig, Good, streamed: true, provider);

        var result = await rig.RunAsync(Call(streamed: true, caller));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        DialectAsserts.IsBroken(caller, received.Text, Bad);
        Assert.DoesNotContain(caller == "openai-chat" ? "\"finish_reason\":\"stop\"" : "end_turn", received.Text, StringComparison.Ordinal);
        Assert.Contains("$.items[0].price must be of type number", received.Text, StringComparison.Ordinal);
        Assert.Contains("invalid_answer", received.Text, StringComparison.Ordinal);
        var attempt = Assert.Single(rig.Log);
        Assert.Equal((AttemptOutcome.Broken, UpstreamFailureKind.InvalidAnswer), (attempt.Outcome, attempt.Failure!.Kind));
    }

    [Theory]
    [InlineData("length", """{"items":[""")]
    [InlineData("content_filter", """{"items":""")]
    public async Task What_the_model_could_not_finish_is_told_by_its_finish_reason(string finish, string answer)
    {
        await using var rig = new AttemptRig();
        Serve(rig, Whole(answer, finish));

        var received = await rig.ReceiveAsync(Call(streamed: false));

        Assert.Contains($"\"finish_reason\":\"{finish}\"", received.Text, StringComparison.Ordinal);
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_of_the_callers_tool_is_no_answer_to_be_checked(bool streamed)
    {
        await using var rig = new AttemptRig();
        const string Calls = """[{"index":0,"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}]""";
        Serve(rig, streamed
            ? FaultReply.Events([Chunk("""{"role":"assistant","content":"Let me look."}"""), Chunk($$"""{"tool_calls":{{Calls}}}"""), Chunk("{}", "tool_calls"), "data: [DONE]\n\n"])
            : FaultReply.Json($$$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Let me look.","tool_calls":{{{Calls}}}},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}"""));

        var received = await rig.ReceiveAsync(Call(streamed, more: """ "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],"""));

        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.Contains("look", received.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_enforces_the_schema_is_not_checked()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new OpenAICompatible(), Deployment(rig, "known") with { Capabilities = Capabilities.Streaming | Capabilities.JsonSchema }, Whole(Bad));

        var received = await rig.ReceiveAsync(Call(streamed: false));

        Assert.Equal(Bad, Text(received.Text, streamed: false));
    }

    [Theory]
    [InlineData("[1]", "$ must be of type object")]
    [InlineData("{\"a\":", "the answer is not JSON")]
    [InlineData("{\"a\":1}", null)]
    public async Task Any_object_will_do_where_no_schema_is_asked_for(string answer, string? why)
    {
        await using var rig = new AttemptRig();
        var deployment = Deployment(rig, "claude");
        rig.Serve(new AnthropicCompatible(), deployment, FaultReply.Json(ScriptedAnswer.Anthropic.WholeBody.Replace("\"Hello world!\"", Quoted(answer), StringComparison.Ordinal)));

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false, more: """ "response_format":{"type":"json_object"},"""));

        Assert.Equal(why is null, received.Error is null);
        Assert.Contains(why ?? "chat.completion", received.Error?.Message ?? received.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "$ must be of type object")]
    [InlineData("Sure!", "the answer is not JSON")]
    [InlineData("{\"a\":1}", null)]
    public async Task Nor_is_an_object_believed_of_a_model_of_which_nothing_is_known(string answer, string? why)
    {
        await using var rig = new AttemptRig();
        Serve(rig, Whole(answer), Unknown);

        var received = await rig.ReceiveAsync(AttemptRig.Call("openai-chat", streamed: false, more: """ "response_format":{"type":"json_object"},"""));

        Assert.Equal(why is null, received.Error is null);
        Assert.Contains(why ?? "chat.completion", received.Error?.Message ?? received.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_model_of_which_nothing_is_known_the_schema_is_asked_as_it_came_and_the_answer_passed_on_as_it_came()
    {
        await using var rig = new AttemptRig();
        var whole = Whole(Good);
        var body = whole.Pieces[0].Insert(1, "\"x_only_here\": 1 , ");
        var server = Serve(rig, FaultReply.Json(body), Unknown);

        var received = await rig.ReceiveAsync(AttemptRig.Call(
            "openai-chat", streamed: false, more: $$$""" "response_format":{"type":"json_schema","x_outer":1,"json_schema":{"name":"cart","x_inner":2,"schema":{{{Schema}}}}},"""));

        Assert.Equal(body, received.Text);
        Assert.Contains($$$""" "response_format":{"type":"json_schema","x_outer":1,"json_schema":{"name":"cart","x_inner":2,"schema":{{{Schema}}}}}""", Assert.Single(server.Requests).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_stream_of_the_callers_format_is_passed_on_byte_for_byte_with_all_its_answers()
    {
        await using var rig = new AttemptRig();
        var other = """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":1,"delta":{"role":"assistant","content":"{}"},"finish_reason":"stop"}],"x":1}""" + "\n\n";
        string[] events = [.. Stream(Good).Pieces];
        events = [events[0], other, .. events[1..]];
        Serve(rig, FaultReply.Events(events), Unknown);

        var result = await rig.RunAsync(Call(streamed: true, more: "\"n\":2,"));
        var warnings = result.Answer!.Warnings;
        var received = await AttemptRig.ReadAsync(result.Answer);

        Assert.Equal(string.Concat(events), received.Text);
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.Equal("only the first answer of a stream is checked", Assert.Single(warnings, warning => warning.Code == "unchecked").Detail);
    }

    [Fact]
    public async Task Keywords_that_are_not_checked_are_told_in_a_warning()
    {
        await using var rig = new AttemptRig();
        Add(rig, "{}", streamed: false);

        var result = await rig.RunAsync(AttemptRig.Call(
            "openai-chat", streamed: false, more: """ "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"unevaluatedProperties":false,"pattern":"(?=a)"}}},"""));

        await using var answer = result.Answer!;
        var warning = Assert.Single(answer.Warnings, warning => warning.Code == "unchecked");
        Assert.Equal("response_format", warning.Field);
        Assert.Contains("#/unevaluatedProperties, #/pattern", warning.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_too_large_to_be_checked_is_broken_not_believed()
    {
        await using var rig = new AttemptRig();
        var gate = new TaskCompletionSource();
        var piece = Chunk($$"""{"content":"{{new string('x', 1024 * 1024)}}"}""");
        Serve(rig, FaultReply.Events([Chunk("""{"content":"{\"a\":\""}"""), piece, piece, piece, piece, Chunk("{}", "stop"), "data: [DONE]\n\n"]) with { GateBefore = 1, Gate = gate.Task });

        var result = await rig.RunAsync(Call(streamed: true));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        Assert.Equal((AttemptOutcome.Broken, UpstreamFailureKind.InvalidAnswer), (received.Attempt!.Outcome, received.Attempt.Failure!.Kind));
        Assert.Contains("longer than", received.Attempt.Failure.Message, StringComparison.Ordinal);
    }
}
