using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Clients;

/// <summary>The tool runner of Anthropic's SDK has the vendor keep the conversation unasked, and sends only what is new.</summary>
public sealed class MessageThreadTests
{
    private const string Claude = "anthropic/claude-opus-5-5";

    private static readonly string[] Calls =
    [
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"x","content":[],"stop_reason":null,"usage":{"input_tokens":7,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{}}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Bern\"}"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}""",
        """{"type":"message_stop"}""",
    ];

    private static readonly FaultReply Called = FaultReply.Json(
        """{"id":"msg_1","type":"message","role":"assistant","model":"x","content":[{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city":"Bern"}}],"stop_reason":"tool_use","usage":{"input_tokens":7,"output_tokens":9}}""");

    private static readonly FaultReply Said = FaultReply.Json(
        """{"id":"msg_2","type":"message","role":"assistant","model":"x","content":[{"type":"text","text":"Sunny."}],"stop_reason":"end_turn","usage":{"input_tokens":7,"output_tokens":3}}""");

    [Fact]
    public async Task A_thread_at_Anthropic_is_gone_on_with_there()
    {
        await using var vendor = new FaultServer(Called, Said);

        Assert.Equal("Sunny.", (string?)await RunAsync(vendor, Anthropic(vendor), Claude, "whole"));

        Assert.Equal("""{"type":"create"}""", Thread(vendor, 0));
        Assert.Equal("""{"type":"continue","previous_message_id":"msg_1"}""", Thread(vendor, 1));
        Assert.Contains("message-threads-", vendor.Requests[1].Headers["anthropic-beta"], StringComparison.Ordinal);
        Assert.Equal(2, vendor.Requests.Count);
    }

    [Fact]
    public async Task So_is_one_that_streams()
    {
        await using var vendor = new FaultServer(FaultReply.Events([.. Calls.Select(static data => $"event: {JsonNode.Parse(data)!["type"]}\ndata: {data}\n\n")]), Said);

        Assert.Equal("Sunny.", (string?)await RunAsync(vendor, Anthropic(vendor), Claude, "streamed"));

        Assert.Equal("""{"type":"continue","previous_message_id":"msg_1"}""", Thread(vendor, 1));
    }

    // The vendor's code tells the client to send the whole; a 404 about the model would close the deployment for everybody.
    [Fact]
    public async Task A_thread_that_Anthropic_does_not_find_is_begun_anew()
    {
        await using var vendor = new FaultServer(
            Called,
            FaultReply.Error(404, """{"type":"error","error":{"type":"not_found_error","message":"No thread state was found.","details":{"error_code":"thread_not_found"}}}"""),
            Said);

        Assert.Equal("Sunny.", (string?)await RunAsync(vendor, Anthropic(vendor), Claude, "whole"));

        Assert.Equal(["""{"type":"create"}""", """{"type":"continue","previous_message_id":"msg_1"}""", """{"type":"create"}"""], [Thread(vendor, 0), Thread(vendor, 1), Thread(vendor, 2)]);
        Assert.Equal(["user", "assistant", "user"], Roles(vendor, 2));
    }

    [Theory]
    [InlineData("whole")]
    [InlineData("streamed")]
    public async Task Another_makers_model_gets_the_whole_conversation(string mode)
    {
        await using var vendor = new FaultServer(
            FaultReply.Json("""{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Bern\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":7,"completion_tokens":9}}"""),
            FaultReply.Json("""{"id":"c2","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Sunny."},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"""));

        Assert.Equal("Sunny.", (string?)await RunAsync(vendor, Lab(vendor), "lab/m", mode));

        Assert.Equal(2, vendor.Requests.Count);
        Assert.Equal(["system", "user", "assistant", "tool"], Roles(vendor, 1));
        Assert.Single(JsonNode.Parse(vendor.Requests[1].Body)!["tools"]!.AsArray());
    }

    [Theory]
    [InlineData("api_keys: [{ key: k1 }, { key: k2 }]", Claude)]
    [InlineData("api_key: k", "auto")]
    public async Task Where_the_next_turn_may_go_elsewhere_no_thread_is_begun(string keys, string model)
    {
        await using var vendor = new FaultServer(Called, Said);

        Assert.Equal("Sunny.", (string?)await RunAsync(vendor, $"anthropic: {{ {keys}, base_url: '{vendor.Address}', models: [claude-opus-5-5] }}", model, "whole"));

        Assert.Equal(["null", "null"], [Thread(vendor, 0), Thread(vendor, 1)]);
        Assert.Equal(["user", "assistant", "user"], Roles(vendor, 1));
    }

    [Fact]
    public async Task Who_will_have_a_thread_or_nothing_is_told_why_not()
    {
        await using var vendor = new FaultServer(Said);

        var error = (await RunAsync(vendor, Lab(vendor), "lab/m", "thread"))!;

        Assert.Equal(("ThreadUnsupportedRequestError", 400, "thread_unsupported_request"), ((string?)error["name"], (int)error["status"]!, (string?)error["code"]));
        Assert.Contains("Send the whole conversation without 'thread'", (string?)error["message"], StringComparison.Ordinal);
        Assert.Empty(vendor.Requests);
    }

    private static string Anthropic(FaultServer vendor) => $"anthropic: {{ api_key: k, base_url: '{vendor.Address}' }}";

    private static string Lab(FaultServer vendor) => $"lab: {{ type: openai-compatible, base_url: '{vendor.Address}v1', models: [m] }}";

    private static async Task<JsonNode?> RunAsync(FaultServer vendor, string provider, string model, string mode)
    {
        Node.Need("@anthropic-ai");
        await using var gateway = await RunningGateway.StartAsync($"discover: false\nproviders: {{ {provider} }}");
        return JsonNode.Parse(Assert.Single(await Comparison.LinesAsync("message-threads.mjs", gateway.Url, model, mode)).GetRawText());
    }

    private static string Thread(FaultServer vendor, int request) => JsonNode.Parse(vendor.Requests[request].Body)!["thread"]?.ToJsonString() ?? "null";

    private static string?[] Roles(FaultServer vendor, int request) =>
        [.. JsonNode.Parse(vendor.Requests[request].Body)!["messages"]!.AsArray().Select(static message => (string?)message!["role"])];
}
