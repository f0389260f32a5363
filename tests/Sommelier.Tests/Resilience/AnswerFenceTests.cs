using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using static Sommelier.Tests.Resilience.AnswerForms;

namespace Sommelier.Tests.Resilience;

/// <summary>Answers that come in a code fence, as models give them that are only asked for a form: it is taken off.</summary>
public sealed class AnswerFenceTests
{
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

        var (said, ends) = Said(received.Text, 3);
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

        // In which pieces it comes depends on the reads of the network.
        Assert.Equal(UpstreamFailureKind.InvalidAnswer, rig.Log[0].Failure!.Kind);
        var (said, ends) = Said(received.Text, 2);
        Assert.Equal([Good, "{}"], said);
        Assert.Equal(2, ends);
        Assert.EndsWith("data: [DONE]\n\n", received.Text, StringComparison.Ordinal);
    }

    // What each answer of a stream says in all, and how many of them have ended.
    private static (string[] Said, int Ends) Said(string stream, int answers)
    {
        var said = Enumerable.Repeat("", answers).ToArray();
        var ends = 0;
        foreach (var line in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(static line => line["data: ".Length..]).Where(static line => line != "[DONE]"))
        {
            if (JsonNode.Parse(line)!["choices"] is not JsonArray { Count: > 0 } choices)
            {
                continue;
            }

            said[(int)choices[0]!["index"]!] += (string?)choices[0]!["delta"]!["content"];
            ends += choices[0]!["finish_reason"] is null ? 0 : 1;
        }

        return (said, ends);
    }
}
