using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.OpenAIResponses;

/// <summary>Answers that are passed on name the answer that their caller continues, though the vendor was never told.</summary>
public sealed class ResponsesContinuedTests
{
    private const string Delta = "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":2,\"output_index\":0,\"delta\":\"previous_response_id\"}\n\n";

    [Theory]
    [InlineData("""{ "id":"resp_2", "previous_response_id": null , "status":"completed","output":[{"type":"message"}]}""", """{ "id":"resp_2", "previous_response_id": "resp_\u0031" , "status":"completed","output":[{"type":"message"}]}""")]
    [InlineData("""{"id":"resp_2","output":[{"type":"message"}]}""", """{"id":"resp_2","output":[{"type":"message"}],"previous_response_id":"resp_\u0031"}""")]
    [InlineData("""{"id":"resp_2","output":[{"previous_response_id":null}],"metadata":{"previous_response_id":"x"},"previous_response_id":"resp_0"} """, """{"id":"resp_2","output":[{"previous_response_id":null}],"metadata":{"previous_response_id":"x"},"previous_response_id":"resp_\u0031"} """)]
    public void Nothing_else_changes_in_a_whole_answer(string vendor, string caller) =>
        Assert.Equal(caller, Encoding.UTF8.GetString(ResponsesWire.Format.Responses.Restored(Encoding.UTF8.GetBytes(vendor), Continuing)!.Value.Span));

    [Fact]
    public void An_answer_to_a_whole_conversation_is_left_alone()
    {
        Assert.Null(ResponsesWire.Format.Responses.Restored("""{"id":"resp_2","previous_response_id":null,"output":[]}"""u8, ResponsesWire.Reply));
        var stream = Event("response.created", "\"previous_response_id\":null") + Delta + Event("response.completed", "\"previous_response_id\":null");
        Assert.Equal(stream, Relay(stream, ResponsesWire.Reply, int.MaxValue));
    }

    [Theory]
    [InlineData("completed", int.MaxValue)]
    [InlineData("incomplete", int.MaxValue)]
    [InlineData("completed", 1)]
    [InlineData("completed", 7)]
    public void Every_response_object_of_a_stream_names_it(string end, int size)
    {
        string Stream(string id) => Event("response.created", id) + Event("response.in_progress", id) + Delta + Event($"response.{end}", id);

        var seen = Relay(Stream("\"previous_response_id\":null"), Continuing, size);

        Assert.Equal(Stream("\"previous_response_id\":\"resp_\\u0031\""), seen);
    }

    [Fact]
    public void It_stands_beside_the_cost()
    {
        var seen = Relay(Event("response.completed", "\"previous_response_id\":null", ",\"usage\":{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3}"), Continuing with { CostUsd = usage => usage.OutputTokens * 0.5m }, int.MaxValue);

        var response = JsonNode.Parse(seen[(seen.IndexOf("data: ", StringComparison.Ordinal) + 6)..])!["response"]!;
        Assert.Equal("resp_1", response["previous_response_id"]!.GetValue<string>());
        Assert.Equal(1m, response["sommelier"]!["cost_usd"]!.GetValue<decimal>());
    }

    [Fact]
    public void An_event_of_several_lines_stays_an_event()
    {
        var seen = Relay("event: response.created\ndata: {\"type\":\"response.created\",\ndata: \"response\":{\"id\":\"resp_2\",\ndata: \"previous_response_id\":null}}\n\n", Continuing, int.MaxValue);

        Assert.Equal("event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_2\",\"previous_response_id\":\"resp_\\u0031\"}}\n\n", seen);
    }

    [Fact]
    public void Events_without_a_response_object_cost_no_memory()
    {
        using var relay = ResponsesWire.Format.Streams.CreateRelay(WireQuirks.Default, Continuing);
        var output = new ArrayBufferWriter<byte>(4 * 1024 * 1024);
        var delta = Encoding.UTF8.GetBytes(Delta);
        relay.Relay(Encoding.UTF8.GetBytes(Event("response.created", "\"previous_response_id\":null")), output);
        Send(10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Send(10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Send(int count)
        {
            for (var i = 0; i < count; i++)
            {
                relay.Relay(delta, output);
            }
        }
    }

    // Escaped, to show that the caller's own spelling comes back.
    private static ReplyContext Continuing
    {
        get
        {
            var request = Encoding.UTF8.GetBytes("""{"model":"auto","previous_response_id":"resp_\u0031","input":"x"}""");
            return ResponsesWire.Reply with { Request = request, Outline = ResponsesWire.Format.Requests.Outline(request) };
        }
    }

    private static string Event(string type, string id, string more = "") =>
        $$"""
        event: {{type}}
        data: {"type":"{{type}}","response":{"id":"resp_2", {{id}} ,"output":[{"type":"message","id":"m"}]{{more}}},"sequence_number":1}


        """.ReplaceLineEndings("\n");

    private static string Relay(string stream, ReplyContext context, int size)
    {
        using var relay = ResponsesWire.Format.Streams.CreateRelay(WireQuirks.Default, context);
        var output = new ArrayBufferWriter<byte>();
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var at = 0; at < bytes.Length; at += Math.Min(size, bytes.Length - at))
        {
            relay.Relay(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)), output);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
