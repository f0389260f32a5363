using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;

namespace Sommelier.Tests.Resilience;

/// <summary>A vendor answers a stream request with one piece, in which there is more than words.</summary>
public sealed class WholeAnswerStreamedTests
{
    private const string Searched = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude","stop_reason":"end_turn","content":[
          {"type":"text","text":"So:"},
          {"type":"server_tool_use","id":"srvtoolu_1","name":"web_search",
           "input":{"query":"q"}},
          {"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]},
          {"type":"text","text":"found"}],"usage":{"input_tokens":10,"output_tokens":5}}
        """;

    private const string Pieces = """
        {"id":"c1","object":"chat.completion","created":1,"model":"m","system_fingerprint":"fp_1","service_tier":"flex","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":[{"type":"text","text":"So"},{"type":"odd","q":1}]}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}
        """;

    [Fact]
    public async Task Blocks_of_all_kinds_are_told_to_who_knows_them()
    {
        var (events, warnings) = await StreamAsync(new Sommelier.Providers.Anthropic(), "claude-x", Searched, "anthropic-messages");

        var blocks = events.Where(step => (string?)step["type"] == "content_block_start").ToList();
        Assert.Equal([0, 1, 2, 3], blocks.Select(step => (int)step["index"]!));
        Assert.Equal([0, 1, 2, 3], events.Where(step => (string?)step["type"] == "content_block_stop").Select(step => (int)step["index"]!));
        Assert.Equal(["text", "server_tool_use", "web_search_tool_result", "text"], blocks.Select(step => (string?)step["content_block"]!["type"]));
        Assert.Equal("q", (string?)blocks[1]["content_block"]!["input"]!["query"]);
        Assert.DoesNotContain(events, step => (string?)step["type"] is "server_tool_use" or "web_search_tool_result");
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("openai-chat")]
    [InlineData("ollama")]
    public async Task Others_are_told_what_they_miss(string caller)
    {
        var (_, warnings) = await StreamAsync(new Sommelier.Providers.Anthropic(), "claude-x", Searched, caller);

        var fields = warnings.Where(warning => warning.Code == "dropped").Select(warning => warning.Field).ToList();
        Assert.Contains("server_tool_use", fields);
        Assert.Contains("web_search_tool_result", fields);
    }

    [Fact]
    public async Task Pieces_of_a_chat_that_no_chunk_has_a_place_for_are_named_and_words_about_the_serving_kept()
    {
        var (events, warnings) = await StreamAsync(new OpenAICompatible(), "m", Pieces, "openai-chat");

        Assert.DoesNotContain(events, step => step["odd"] is not null);
        Assert.Equal(["odd"], warnings.Where(warning => warning.Code == "dropped").Select(warning => warning.Field));
        Assert.All(events, step => Assert.Equal(("fp_1", "flex"), ((string?)step["system_fingerprint"], (string?)step["service_tier"])));
        Assert.Equal("So", string.Concat(events.SelectMany(step => step["choices"]!.AsArray()).Select(choice => (string?)choice!["delta"]!["content"])));
    }

    private static async Task<(List<JsonNode> Events, IReadOnlyList<Warning> Warnings)> StreamAsync(Provider provider, string model, string whole, string caller)
    {
        await using var rig = new AttemptRig();
        rig.Serve(
            provider, new() { Id = $"p/{model}", Provider = "p", Model = model, CanonicalModel = model, MaxOutputTokens = 4096, Sources = ["test"], Capabilities = Capabilities.Streaming },
            FaultReply.Json(whole));
        var result = await rig.RunAsync(AttemptRig.Call(caller, streamed: true));
        Assert.True(result.Answer is not null, result.Error?.Message);
        var warnings = result.Answer!.Warnings;
        var received = await AttemptRig.ReadAsync(result.Answer);
        return ([.. received.Text.Split('\n').Select(line => line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : line).Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!)], warnings);
    }
}
