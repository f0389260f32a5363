using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;

namespace Sommelier.Tests.Resilience;

/// <summary>Answers of models that are only asked for a form: whoever does not keep to it has failed.</summary>
public sealed class AnswerFormTests
{
    private const string Schema = """{"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"price":{"type":"number"}},"required":["price"]}}},"required":["items"],"additionalProperties":false}""";

    // DeepSeek's models know any JSON object, and no schema; of some server's model nobody knows what it does with one.
    private const string OnlyJson = "deepseek";
    private const string Unknown = "some-server";

    private const string Good = """{"items":[{"price":3}]}""";
    private const string Bad = """{"items":[{"price":"3 secret coins"}]}""";

    // In a text that stands in a fence: "```json\n" is of eight letters.
    private const string Annotation = """{"type":"url_citation","url_citation":{"start_index":8,"end_index":13,"url":"https://a.example","title":"T"}}""";

    // A user's text that is followed by the beginning of the answer.
    private const string Begun = """Go."},{"role":"assistant","content":"{\"items\":""";
    private const string Form = $$$""" "response_format":{"type":"json_schema","json_schema":{"name":"cart","schema":{{{Schema}}}}},""";

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
    [InlineData(OnlyJson, "```json\n" + Good + "\n```", true)]
    [InlineData(Unknown, "\n```\n" + Good + "```\n", true)]
    [InlineData(Unknown, "```json\n" + Bad + "\n```", false)]
    [InlineData(Unknown, "Here:\n```json\n" + Good + "\n```", false)]
    [InlineData(Unknown, "```json " + Good + "```", false)]
    public async Task A_lone_fence_around_a_whole_answer_is_taken_off_and_what_is_inside_is_checked(string provider, string answer, bool good)
    {
        await using var rig = new AttemptRig();
        Add(rig, answer, streamed: false, provider);

        var received = await rig.ReceiveAsync(Call(streamed: false));

        Assert.Equal(good ? null : "invalid_answer", received.Error?.Code);
        if (good)
        {
            Assert.Equal(Good, Text(received.Text, streamed: false));
        }
    }

    [Theory]
    [InlineData("openai-chat", OnlyJson)]
    [InlineData("openai-chat", Unknown)]
    [InlineData("anthropic-messages", OnlyJson)]
    public async Task Of_a_stream_the_fence_is_taken_off_too(string caller, string provider)
    {
        await using var rig = new AttemptRig();
        Add(rig, "```json\n" + Good + "\n```", streamed: true, provider);

        var received = await rig.ReceiveAsync(Call(streamed: true, caller));

        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.DoesNotContain("`", received.Text, StringComparison.Ordinal);
        if (caller == "openai-chat")
        {
            Assert.Equal(Good, Text(received.Text, streamed: true));
        }
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
    public async Task What_stands_beside_a_fenced_text_stays()
    {
        await using var rig = new AttemptRig();
        Serve(rig, FaultReply.Json(
            $$$"""
            {"id":"c","object":"chat.completion","created":7,"model":"m","system_fingerprint":"fp","service_tier":"flex","x_more":1,"choices":[
              {"index":0,"message":{"role":"assistant","content":{{{Quoted("```json\n" + Good + "\n```")}}},"annotations":[{{{Annotation}}}]},"logprobs":{"content":[]},"finish_reason":"stop"},
              {"index":1,"message":{"role":"assistant","content":{{{Quoted(Good)}}}},"finish_reason":"stop"}]}
            """));

        var result = await rig.RunAsync(Call(streamed: false, more: "\"n\":2,"));
        var warnings = result.Answer!.Warnings;
        var received = await AttemptRig.ReadAsync(result.Answer);

        var answer = JsonNode.Parse(received.Text)!;
        Assert.Equal(Good, (string?)answer["choices"]![0]!["message"]!["content"]);
        Assert.Equal(Good, (string?)answer["choices"]![1]!["message"]!["content"]);
        var citation = answer["choices"]![0]!["message"]!["annotations"]![0]!["url_citation"]!;
        Assert.Equal((0, 5, "https://a.example"), ((int)citation["start_index"]!, (int)citation["end_index"]!, (string?)citation["url"]));
        Assert.Null(answer["choices"]![0]!["logprobs"]);
        Assert.Contains(warnings, static warning => warning is { Code: "dropped", Field: "logprobs" });
        Assert.Equal((7, "fp", "flex", 1), ((int)answer["created"]!, (string?)answer["system_fingerprint"], (string?)answer["service_tier"], (int)answer["x_more"]!));
    }

    [Fact]
    public async Task What_stands_beside_a_fenced_text_in_a_stream_stays()
    {
        await using var rig = new AttemptRig();
        string Beside(string content, string? finish = null) =>
            Chunk(content, finish).Replace("\"created\":1,", "\"created\":7,\"system_fingerprint\":\"fp\",\"service_tier\":\"flex\",", StringComparison.Ordinal)
                .Replace("\"finish_reason\"", "\"logprobs\":{\"content\":[{\"token\":\"t\"}]},\"finish_reason\"", StringComparison.Ordinal);
        Serve(rig, FaultReply.Events([Beside("""{"role":"assistant","content":"```json\n"}"""), Beside($$"""{"content":{{Quoted(Good)}}}"""), Beside("""{"content":"\n```"}"""), Chunk($$"""{"annotations":[{{Annotation}}]}"""), Chunk("{}", "stop"), "data: [DONE]\n\n"]), Unknown);

        var received = await rig.ReceiveAsync(Call(streamed: true));

        Assert.Equal(Good, Text(received.Text, streamed: true));
        var chunks = received.Text.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[6..])!).ToArray();
        Assert.All(chunks, chunk => Assert.Equal((7, "fp", "flex"), ((int)chunk["created"]!, (string?)chunk["system_fingerprint"], (string?)chunk["service_tier"])));
        Assert.All(chunks, chunk => Assert.Null(chunk["logprobs"]));
        var citation = Assert.Single(chunks, chunk => chunk["choices"]![0]?["delta"]?["annotations"] is not null)["choices"]![0]!["delta"]!["annotations"]![0]!["url_citation"]!;
        Assert.Equal((0, 5, "https://a.example"), ((int)citation["start_index"]!, (int)citation["end_index"]!, (string?)citation["url"]));
        Assert.Equal(3, chunks.Count(chunk => chunk["choices"]![0]?["logprobs"]?["content"]?[0]?["token"]?.GetValue<string>() == "t"));
    }

    // One after the other, in turns, and in pieces that cut the fences.
    [Theory]
    [InlineData(false, 1_000)]
    [InlineData(true, 1_000)]
    [InlineData(true, 5)]
    [InlineData(true, 1)]
    public async Task Of_several_answers_in_a_stream_each_loses_its_own_fence(bool inTurns, int size)
    {
        await using var rig = new AttemptRig();
        string[] texts = ["```json\n" + Good + "\n```", "```\n{\"b\": \"`\"}\n```\n", Good];
        var pieces = texts.Select((text, index) => text.Chunk(size)
            .Select(piece => Of(index, $$"""{"content":{{JsonSerializer.Serialize(new string(piece))}}}""", null))
            .Prepend(Of(index, """{"role":"assistant","content":""}""", null)).Append(Of(index, "{}", "stop")).ToList()).ToList();
        var events = inTurns
            ? Enumerable.Range(0, pieces.Max(list => list.Count)).SelectMany(at => pieces.Where(list => at < list.Count).Select(list => list[at]))
            : pieces.SelectMany(list => list);
        Serve(rig, FaultReply.Events([.. events, "data: [DONE]\n\n"]), Unknown);

        var result = await rig.RunAsync(Call(streamed: true, more: "\"n\":3,"));
        var answer = result.Answer!;
        var received = await AttemptRig.ReadAsync(answer);

        var said = new[] { "", "", "" };
        var ends = 0;
        foreach (var line in received.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static line => line["data: ".Length..]).Where(static line => line != "[DONE]"))
        {
            var choice = JsonNode.Parse(line)!["choices"]![0]!;
            said[(int)choice["index"]!] += (string?)choice["delta"]!["content"];
            ends += choice["finish_reason"] is null ? 0 : 1;
        }

        Assert.Equal([Good, "{\"b\": \"`\"}", Good], said);
        Assert.Equal(3, ends);
        Assert.EndsWith("data: [DONE]\n\n", received.Text, StringComparison.Ordinal);
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.Contains(answer.LateWarnings, static warning => warning is { Code: "emulated", Field: "response_format" });

        static string Of(int index, string delta, string? finish) => Chunk(delta, finish).Replace("\"index\":0", $"\"index\":{index}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_answers_in_a_stream_a_wrong_first_one_is_answered_by_somebody_else()
    {
        await using var rig = new AttemptRig();
        var other = Chunk("""{"role":"assistant","content":"{}"}""", "stop").Replace("\"index\":0", "\"index\":1", StringComparison.Ordinal);
        Serve(rig, FaultReply.Events([other, .. Stream("```json\nno JSON\n```").Pieces]), Unknown);
        string[] good = [other, .. Stream(Good).Pieces];
        Serve(rig, FaultReply.Events(good), Unknown);

        var received = await rig.ReceiveAsync(Call(streamed: true, more: "\"n\":2,"));

        Assert.Equal(UpstreamFailureKind.InvalidAnswer, rig.Log[0].Failure!.Kind);
        Assert.Equal(string.Concat(good), received.Text);
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

    private static Sommelier.Upstream.InboundCall Call(bool streamed, string caller = "openai-chat", string more = "") => AttemptRig.Call(
        caller, streamed, more: caller == "openai-chat" ? Form + more : $$$""" "output_config":{"format":{"type":"json_schema","schema":{{{Schema}}}}},{{{more}}}""");

    private static FaultServer Add(AttemptRig rig, string answer, bool streamed, string provider = OnlyJson) => Serve(rig, streamed ? Stream(answer) : Whole(answer), provider);

    private static FaultServer Serve(AttemptRig rig, FaultReply reply, string provider = OnlyJson) => provider == OnlyJson
        ? rig.Serve(new DeepSeek(), Deployment(rig, "deepseek-chat"), reply)
        : rig.Serve(new OpenAICompatible(), Deployment(rig, "some-model") with { Sources = [] }, reply);

    private static Deployment Deployment(AttemptRig rig, string model) => new()
    {
        Id = $"p{rig.Plan.Count}/{model}",
        Provider = $"p{rig.Plan.Count}",
        Model = model,
        CanonicalModel = model,
        Capabilities = Capabilities.Tools | Capabilities.Streaming | Capabilities.JsonObject,
        MaxOutputTokens = 4096,
        Sources = ["test"],
        Price = new() { InputUsdPerMillion = 1, OutputUsdPerMillion = 2, Source = "test", SourceDate = new(2026, 11, 1) },
    };

    private static FaultReply Whole(string answer, string finish = "stop") => FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody
        .Replace("\"Hello world!\"", Quoted(answer), StringComparison.Ordinal).Replace("\"stop\"", $"\"{finish}\"", StringComparison.Ordinal));

    private static FaultReply Stream(string answer) => FaultReply.Events(
        [Chunk("""{"role":"assistant","content":""}"""), .. answer.Chunk(5).Select(piece => Chunk($$"""{"content":{{Quoted(new string(piece))}}}""")), Chunk("{}", "stop"), "data: [DONE]\n\n"]);

    private static string Chunk(string delta, string? finish = null) =>
        $$$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{{{delta}}},"finish_reason":{{{(finish is null ? "null" : $"\"{finish}\"")}}}}]}""" + "\n\n";

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    private static string Text(string reply, bool streamed) => streamed
        ? string.Concat(reply.Split("\n\n").Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonNode.Parse(line[6..])!["choices"]![0]?["delta"]?["content"]?.GetValue<string>()))
        : JsonNode.Parse(reply)!["choices"]![0]!["message"]!["content"]!.GetValue<string>();
}
