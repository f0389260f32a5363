using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sommelier.Server.Tests.Clients;

/// <summary>Google's client and Vercel's, which keep what they streamed piece by piece, answer the calls of another vendor's model.</summary>
public sealed class StreamedLoopTests
{
    private static readonly FaultReply[] Claude =
    [
        FaultReply.Events([
            Event("""{"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","model":"x","content":[],"stop_reason":null,"usage":{"input_tokens":7,"output_tokens":1}}}"""),
            Event("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h"}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"mm"}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"U0lH"}}"""),
            Event("""{"type":"content_block_stop","index":0}"""),
            Event("""{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}"""),
            Event("""{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Let me look."}}"""),
            Event("""{"type":"content_block_stop","index":1}"""),
            .. Call(2, "toolu_1", "Bern"),
            .. Call(3, "toolu_2", "Rom"),
            Event("""{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":20}}"""),
            Event("""{"type":"message_stop"}"""),
        ]),
        FaultReply.Events([
            Event("""{"type":"message_start","message":{"id":"m2","type":"message","role":"assistant","model":"x","content":[],"stop_reason":null,"usage":{"input_tokens":7,"output_tokens":1}}}"""),
            Event("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
            Event("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Sunny both."}}"""),
            Event("""{"type":"content_block_stop","index":0}"""),
            Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":4}}"""),
            Event("""{"type":"message_stop"}"""),
        ]),
    ];

    private static readonly FaultReply[] Gpt =
    [
        FaultReply.Events([
            Chunk("""{"role":"assistant","content":"Let me look."}"""),
            Chunk("""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Bern\"}"}}]}"""),
            Chunk("""{"tool_calls":[{"index":1,"id":"call_2","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Rom\"}"}}]}"""),
            Chunk("{}", "tool_calls"),
            "data: [DONE]\n\n",
        ]),
        FaultReply.Events([Chunk("""{"role":"assistant","content":"Sunny both."}"""), Chunk("{}", "stop"), "data: [DONE]\n\n"]),
    ];

    [Fact]
    public async Task Claude_gets_its_thinking_and_the_results_as_one_turn()
    {
        foreach (var second in await LoopsAsync(Claude, "anthropic: { api_key: k, base_url: '{0}', models: [claude-opus-5-5] }", "anthropic/claude-opus-5-5"))
        {
            var messages = second["messages"]!.AsArray();
            Assert.Equal(["user", "assistant", "user"], messages.Select(static message => message!["role"]!.GetValue<string>()));
            Assert.Equal(["thinking", "text", "tool_use", "tool_use"], messages[1]!["content"]!.AsArray().Select(static block => block!["type"]!.GetValue<string>()));
            Assert.Equal(("hmm", "U0lH"), (messages[1]!["content"]![0]!["thinking"]!.GetValue<string>(), messages[1]!["content"]![0]!["signature"]!.GetValue<string>()));
            Assert.Equal(["toolu_1", "toolu_2"], messages[2]!["content"]!.AsArray().Select(static block => block!["tool_use_id"]!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task An_OpenAI_model_gets_each_result_behind_the_turn_that_calls()
    {
        foreach (var second in await LoopsAsync(Gpt, "lab: { type: openai-compatible, base_url: '{0}v1', models: [m] }", "lab/m"))
        {
            var messages = second["messages"]!.AsArray();
            Assert.Equal(["user", "assistant", "tool", "tool"], messages.Select(static message => message!["role"]!.GetValue<string>()));
            Assert.Equal(["call_1", "call_2"], messages.Skip(2).Select(static message => message!["tool_call_id"]!.GetValue<string>()));
            Assert.Contains("sun in Rom", messages[3]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    // What the vendor was sent second, by each client.
    private static async Task<JsonNode[]> LoopsAsync(FaultReply[] turn, string provider, string model)
    {
        Node.Need("@google/genai");
        await using var vendor = new FaultServer([.. turn, .. turn]);
        await using var gateway = await RunningGateway.StartAsync($"discover: false\nproviders: {{ {provider.Replace("{0}", vendor.Address.ToString(), StringComparison.Ordinal)} }}");

        var said = Assert.Single(await Comparison.LinesAsync("streamed-loops.mjs", gateway.Url, model));

        Assert.Equal(["Sunny both.", "Sunny both."], said.EnumerateArray().Select(static text => text.GetString()));
        Assert.Equal(4, vendor.Requests.Count);
        return [JsonNode.Parse(vendor.Requests[1].Body)!, JsonNode.Parse(vendor.Requests[3].Body)!];
    }

    private static string[] Call(int index, string id, string city) =>
    [
        Event($$$$"""{"type":"content_block_start","index":{{{{index}}}},"content_block":{"type":"tool_use","id":"{{{{id}}}}","name":"get_weather","input":{}}}"""),
        Event($$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"{{{city}}}\"}"}}"""),
        Event($$"""{"type":"content_block_stop","index":{{index}}}"""),
    ];

    private static string Event(string json) => $"event: {JsonDocument.Parse(json).RootElement.GetProperty("type").GetString()}\ndata: {json}\n\n";

    private static string Chunk(string delta, string? finish = null)
    {
        var choice = $"\"index\":0,\"delta\":{delta},\"finish_reason\":{(finish is null ? "null" : $"\"{finish}\"")}";
        return $$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{ {{choice}} }]}""" + "\n\n";
    }
}
