using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Pairs;

/// <summary>A call without arguments: clients parse what the pieces make, so the pieces must make an object.</summary>
public sealed class BareCallTests
{
    private static readonly ChatDelta[] Two =
    [
        new StartDelta("a1", "m"),
        new ToolCallStartDelta(0, "call_a", "now"),
        new ToolCallArgumentsDelta(0, ""),
        new PartEndDelta(0),
        new ToolCallStartDelta(1, "call_b", "later"),
        new ToolCallArgumentsDelta(1, """{"h":1}"""),
        new PartEndDelta(1),
        new ToolCallStartDelta(2, "call_c", "never"),
        new FinishDelta(new(FinishReasonKind.ToolCalls)),
        new EndDelta(),
    ];

    [Fact]
    public void Pieces_of_a_chat_make_an_object_for_every_call()
    {
        var arguments = new Dictionary<int, string>();
        foreach (var piece in Events("openai-chat").SelectMany(static chunk => chunk["choices"]?[0]?["delta"]?["tool_calls"]?.AsArray() ?? []))
        {
            var index = (int)piece!["index"]!;
            arguments[index] = arguments.GetValueOrDefault(index) + (string?)piece["function"]!["arguments"];
        }

        Assert.Equal([(0, "{}"), (1, """{"h":1}"""), (2, "{}")], arguments.Select(static pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Deltas_of_a_response_make_what_is_told_as_done()
    {
        var made = new Dictionary<string, string>();
        var done = new Dictionary<string, string>();
        foreach (var step in Events("openai-responses"))
        {
            switch ((string)step["type"]!)
            {
                case "response.function_call_arguments.delta":
                    made[(string)step["item_id"]!] = made.GetValueOrDefault((string)step["item_id"]!) + (string)step["delta"]!;
                    break;
                case "response.function_call_arguments.done":
                    done[(string)step["item_id"]!] = (string)step["arguments"]!;
                    break;
            }
        }

        Assert.Equal(["{}", """{"h":1}""", "{}"], done.Values);
        Assert.Equal(done, made);
    }

    private static List<JsonNode> Events(string format)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = WireFormats.Get(format).Streams.CreateEncoder(new ReplyContext { FallbackId = "a1", Model = "m", Created = DateTimeOffset.UnixEpoch });
        foreach (var step in Two)
        {
            encoder.Write(step, output);
        }

        return [.. Encoding.UTF8.GetString(output.WrittenSpan).Split('\n')
            .Where(static line => line.StartsWith("data: {", StringComparison.Ordinal))
            .Select(static line => JsonNode.Parse(line["data: ".Length..])!)];
    }
}
