using System.Buffers;
using System.Text;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIChat;

namespace Sommelier.Tests.Wire.OpenAIChat;

/// <summary>What servers that follow OpenAI's chat format write in another way is passed on as OpenAI's own clients take it.</summary>
public sealed class ChunkRepairTests
{
    [Theory]
    [InlineData("a role at the start only", """{"index":0,"delta":{"content":"a"}}""", """{"index":0,"delta":{"role":"assistant","content":"a"}}""", """{"index":0,"delta":{"content":"b"}}""", null)]
    [InlineData("a role of its own for each choice", """{"index":0,"delta":{"role":"assistant"}}""", null, """{"index":1,"delta":{"content":"b"}}""", """{"index":1,"delta":{"role":"assistant","content":"b"}}""")]
    [InlineData("a role that is null", """{"index":0,"delta":{"role":null,"content":"a"}}""", """{"index":0,"delta":{"role":"assistant","content":"a"}}""", """{"index":0,"delta":{"role":null,"content":"b"}}""", null)]
    [InlineData("no number of the choice", """{"delta":{"role":"assistant"},"finish_reason":null}""", """{"index":0,"delta":{"role":"assistant"},"finish_reason":null}""", """{"index":null,"delta":{"content":"b"}}""", """{"index":0,"delta":{"content":"b"}}""")]
    [InlineData(
        "thinking and text in a list",
        """{"index":0,"delta":{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"H\u00e9"},{"type":"text","text":"m"}]}]}}""",
        """{"index":0,"delta":{"role":"assistant","reasoning_content":"H\u00e9m"}}""",
        """{"index":0,"delta":{"content":[{"type":"text","text":"4\ud83d"},{"type":"reference","reference_ids":[1]}],"p":[1.50]}}""",
        """{"index":0,"delta":{"content":"4\ud83d","p":[1.50]}}""")]
    [InlineData(
        "calls without numbers and types",
        """{"index":0,"delta":{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{"}}]}}""",
        """{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"type":"function","id":"a","function":{"name":"f","arguments":"{"}}]}}""",
        """{"index":0,"delta":{"tool_calls":[{"function":{"arguments":"}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}}""",
        """{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}},{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}}""")]
    [InlineData(
        "two calls of one number",
        """{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}}""",
        null,
        """{"index":0,"delta":{"tool_calls":[{"index":0,"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]}}""",
        """{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]}}""")]
    [InlineData(
        "two calls in one chunk as they should be",
        """{"index":0,"delta":{"role":"assistant","tool_calls":[{"id":"a","index":0,"type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","index":1,"type":"function","function":{"name":"f"}}]}}""",
        null,
        """{"index":0,"delta":{"tool_calls":[{"index":1,"id":"","type":"function","function":{"name":"","arguments":"{}"}}]}}""",
        null)]
    [InlineData(
        "numbers of calls per choice",
        """{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}}""",
        null,
        """{"index":1,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"b","type":"function","function":{"name":"f","arguments":"{}"}}]}}""",
        null)]
    public void A_stream_is_as_OpenAI_would_write_it(string what, string first, string? firstOut, string second, string? secondOut)
    {
        var written = Relay(Chunk(first) + Chunk(second));

        Assert.True(written == Chunk(firstOut ?? first) + Chunk(secondOut ?? second), $"{what}: {written}");
    }

    [Fact]
    public void A_piece_that_follows_a_renumbered_call_goes_with_it()
    {
        const string whole = """{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}}""";
        const string other = """{"index":0,"delta":{"tool_calls":[{"index":0,"id":"b","type":"function","function":{"name":"f","arguments":""}}]}}""";
        const string piece = """{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}""";

        var written = Relay(Chunk(whole) + Chunk(other) + Chunk(piece));

        Assert.Equal(Chunk(whole) + Chunk(other.Replace("[{\"index\":0", "[{\"index\":1", StringComparison.Ordinal)) + Chunk(piece.Replace("[{\"index\":0", "[{\"index\":1", StringComparison.Ordinal)), written);
    }

    [Fact]
    public void Usage_and_cost_stay_in_a_repaired_chunk()
    {
        const string choice = """[{"index":0,"delta":{"content":[{"type":"text","text":"4"}]},"finish_reason":"stop"}]""";
        var written = Relay($$$"""data: {"id":"r","choices":{{{choice}}},"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""" + "\n\n", 0.5m);

        Assert.Equal(
            """data: {"id":"r","choices":[{"index":0,"delta":{"role":"assistant","content":"4"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"sommelier":{"cost_usd":0.5}}""" + "\n\n",
            written);
    }

    [Theory]
    [InlineData("""{"id":"r","choices":[{"index":0,"message":{"role":"assistant","content":[{"type":"text","text":"4"}]},"finish_reason":"stop"}]}""", true)]
    [InlineData("""{"id":"r","choices":[{"index":0,"message":{"role":"assistant","content":"4"},"finish_reason":"stop"}]}""", false)]
    [InlineData("""{"id":"r","choices":[{"message":{"content":"4"},"finish_reason":"stop"}]}""", false)]
    public void A_whole_answer_with_content_in_a_list_is_not_passed_on(string body, bool isLoose) =>
        Assert.Equal(isLoose, OpenAIChatFormat.Instance.Responses.Scan(Encoding.UTF8.GetBytes(body), WireQuirks.Default).IsLoose);

    private static string Chunk(string choice) => $$"""data: {"id":"r","object":"chat.completion.chunk","choices":[{{choice}}]}""" + "\n\n";

    private static string Relay(string stream, decimal? cost = null)
    {
        using var relay = OpenAIChatFormat.Instance.Streams.CreateRelay(
            WireQuirks.Default, new ReplyContext { FallbackId = "f", Model = "m", Created = default, StreamUsage = true, CostUsd = _ => cost });
        var output = new ArrayBufferWriter<byte>();
        relay.Relay(Encoding.UTF8.GetBytes(stream), output);
        Assert.Null(relay.Failure);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
