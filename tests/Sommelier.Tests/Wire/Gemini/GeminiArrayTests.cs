using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Gemini;

namespace Sommelier.Tests.Wire.Gemini;

/// <summary>A caller who wants one JSON array gets the vendor's events as its items.</summary>
public sealed class GeminiArrayTests
{
    private const string First = """{"candidates":[{"content":{"parts":[{"text":"Once"}],"role":"model"},"index":0}],"modelVersion":"m-1","responseId":"r-1"}""";

    private const string Last = """{"candidates":[{"content":{"parts":[{"text":" more"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2},"modelVersion":"m-1","newField":1}""";

    private static readonly CallPath Path = new("m-1", true, CallPath.JsonArray);

    [Fact]
    public void A_request_for_an_array_is_forwarded_as_it_is()
    {
        var body = """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"newField":1}"""u8.ToArray();
        var requests = GeminiFormat.Instance.Requests;
        var target = new WireTarget { Model = "m-1", Quirks = WireQuirks.Default };

        var outline = requests.Outline(body, Path);
        var output = new ArrayBufferWriter<byte>();
        Assert.True(requests.CanForward(outline, target));
        requests.Forward(body, outline, target, output, []);

        Assert.Equal(body, output.WrittenSpan);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(10_000)]
    public void Events_become_items(int piece)
    {
        var (items, relay) = Relay(piece, $": wait\r\n\r\ndata: {First}\r\n\r\ndata: {Last}\r\n\r\n");

        Assert.Equal($"[{First},\r\n{Last}]", items);
        Assert.True(relay.Ended);
        Assert.Equal((3, 2), (relay.Facts.Usage!.Value.InputTokens, relay.Facts.Usage.Value.OutputTokens));
    }

    [Fact]
    public void The_last_event_may_lack_its_blank_line()
    {
        var (items, relay) = Relay(10_000, $"data: {First}\r\n\r\ndata: {Last}");

        Assert.Equal($"[{First},\r\n{Last}]", items);
        Assert.True(relay.Ended);
    }

    [Fact]
    public void The_cost_stands_in_the_last_item()
    {
        var (items, _) = Relay(10_000, $"data: {First}\r\n\r\ndata: {Last}\r\n\r\n", _ => 0.25m);

        var last = JsonSerializer.Deserialize<JsonElement>(items)[1];
        Assert.Equal(0.25m, last.GetProperty("sommelier").GetProperty("cost_usd").GetDecimal());
        Assert.Equal(1, last.GetProperty("newField").GetInt32());
    }

    [Fact]
    public void A_stream_that_breaks_ends_with_an_error_as_its_last_item()
    {
        var (items, relay) = Relay(10_000, $"data: {First}\r\n\r\n");
        Assert.False(relay.Ended);

        var output = new ArrayBufferWriter<byte>();
        relay.WriteError(new(GatewayErrorKind.UpstreamUnavailable, "It broke.", 502), output);

        var whole = JsonSerializer.Deserialize<JsonElement>(items + Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(["candidates", "error"], whole.EnumerateArray().Select(item => item.EnumerateObject().First().Name));
    }

    [Theory]
    [InlineData("{} x")]
    [InlineData("{},{}")]
    public void What_is_not_one_object_never_becomes_an_item(string data) =>
        Assert.Throws<UpstreamException>(() => Relay(10_000, $"data: {First}\r\n\r\ndata: {data}\r\n\r\n"));

    private static (string Items, StreamRelay Relay) Relay(int piece, string events, Func<Usage, decimal?>? cost = null)
    {
        var context = new ReplyContext { FallbackId = "r", Model = "m-1", Created = DateTimeOffset.UnixEpoch, Path = Path, CostUsd = cost };
        var relay = GeminiFormat.Instance.Streams.CreateRelay(WireQuirks.Default, context);
        var output = new ArrayBufferWriter<byte>();
        foreach (var chunk in Encoding.UTF8.GetBytes(events).Chunk(piece))
        {
            relay.Relay(chunk, output);
        }

        relay.Complete(output);
        return (Encoding.UTF8.GetString(output.WrittenSpan), relay);
    }
}
