using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Clients;

/// <summary>A vendor answers a stream request of Anthropic's official client with one piece.</summary>
public sealed class AnthropicBlockTests
{
    private const string Content = """[{"type":"text","text":"So:"},{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}},{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]},{"type":"text","text":"found"}]""";

    [Fact]
    public async Task Its_blocks_of_every_kind_are_read()
    {
        Node.Need("@anthropic-ai");
        await using var vendor = new FaultServer(FaultReply.Json(
            $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude","stop_reason":"end_turn","stop_sequence":null,"content":{{{Content}}},"usage":{"input_tokens":10,"output_tokens":5}}"""));
        await using var gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            server: { keys: [sk-test] }
            providers:
              anthropic: { api_key: k, base_url: "{{vendor.Address}}", models: [claude-opus-5-5] }
            """);

        using var process = Node.Start("anthropic-blocks.mjs", gateway.Url);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));

        Assert.True(process.ExitCode == 0, await errors);

        // The client shows its key as a bearer and speaks the newest version, which the vendor is told; the key is the gateway's own.
        var seen = Assert.Single(vendor.Requests);
        Assert.Equal(("2026-10-21", "k"), (seen.Headers["anthropic-version"], seen.Headers["x-api-key"]));
        Assert.False(seen.Headers.ContainsKey("Authorization"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Content), JsonNode.Parse(await output)), await output);
    }
}
