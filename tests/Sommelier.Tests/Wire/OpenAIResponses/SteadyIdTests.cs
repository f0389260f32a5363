using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.OpenAIResponses;

/// <summary>A relayed stream calls the answer and each item by one id, whatever the server does.</summary>
public sealed class SteadyIdTests
{
    [Fact]
    public void A_recorded_stream_with_another_id_in_every_event_gets_one_for_each_thing()
    {
        var events = Relayed(ResponsesRecording.Stream("openai/github-copilot-id-rotation.1"));

        Assert.Single(events.Where(item => item.TryGetProperty("response", out _)).Select(item => item.GetProperty("response").GetProperty("id").GetString()).Distinct());
        var items = events.Where(item => item.TryGetProperty("output_index", out _)).GroupBy(item => item.GetProperty("output_index").GetInt32()).ToArray();
        Assert.Equal(2, items.Length);
        Assert.All(items, item => Assert.Single(item.Select(IdOf).Distinct(StringComparer.Ordinal)));
    }

    [Fact]
    public void Nothing_but_the_ids_changes()
    {
        const string begun = """{"type":"response.created","sequence_number":0,"response":{"model":"m","id":"resp_1","object":"response","output":[]}}""";
        const string other = """{"type":"response.in_progress","sequence_number":1,"response":{"metadata":{"id":"mine"},"id" : "resp_2","output":[]}}""";
        const string added = """{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"msg_1","type":"message"}}""";
        const string delta = """{"type":"response.output_text.delta","sequence_number":3,"item_id":"msg_2","output_index":0,"content_index":0,"delta":"say \"msg_2\""}""";

        var text = Encoding.UTF8.GetString(Relay(ResponsesWire.Utf8(string.Concat(new[] { begun, other, added, delta }.Select(Event)))));

        Assert.Equal(
            string.Concat(new[]
            {
                begun, other.Replace("\"resp_2\"", "\"resp_1\"", StringComparison.Ordinal), added,
                delta.Replace("\"item_id\":\"msg_2\"", "\"item_id\":\"msg_1\"", StringComparison.Ordinal),
            }.Select(Event)),
            text);
    }

    [Fact]
    public void An_item_that_begins_where_another_ended_keeps_its_own_id()
    {
        const string first = """{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs_1"}}""";
        const string second = """{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"msg_1"}}""";
        var bytes = ResponsesWire.Utf8(Event(first) + Event(second));

        Assert.Equal(bytes, Relay(bytes));
    }

    [Theory]
    [InlineData("""{"type":"response.output_text.delta","item_id":"msg_1","delta":"x"}""")]
    [InlineData("""{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"delta":"x"}""")]
    [InlineData("""{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"msg_1"}}""")]
    public void An_item_is_not_called_by_anothers_id_where_places_are_not_told_or_wrong(string last)
    {
        const string first = """{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"rs_1"}}""";
        const string second = """{"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"msg_1"}}""";
        var bytes = ResponsesWire.Utf8(Event(first) + Event(second) + Event(last));

        Assert.Equal(bytes, Relay(bytes));
    }

    private static string Event(string data) => $"event: {JsonSerializer.Deserialize<JsonElement>(data).GetProperty("type").GetString()}\ndata: {data}\n\n";

    private static string? IdOf(JsonElement item) => (item.TryGetProperty("item", out var whole) ? whole.GetProperty("id") : item.GetProperty("item_id")).GetString();

    private static List<JsonElement> Relayed(byte[] stream) =>
    [
        .. Encoding.UTF8.GetString(Relay(stream)).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line[6..])),
    ];

    private static byte[] Relay(byte[] stream)
    {
        using var relay = ResponsesWire.Format.Streams.CreateRelay(WireQuirks.Default, ResponsesWire.Reply);
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(stream, output);
        relay.Complete(output);
        return output.WrittenSpan.ToArray();
    }
}
