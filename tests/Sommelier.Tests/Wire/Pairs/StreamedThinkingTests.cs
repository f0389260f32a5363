using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Pairs;

/// <summary>Another vendor's thinking, streamed to a caller of Google's dialect, comes back to that vendor as it was.</summary>
public sealed class StreamedThinkingTests
{
    private static readonly WireTarget Target = new() { Model = "m", Quirks = WireQuirks.Default };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void To_Anthropic(bool aContentForEveryPiece)
    {
        var sent = Replay("anthropic-messages", "anthropic", null, aContentForEveryPiece);
        var turn = Assert.Single(sent["messages"]!.AsArray(), static message => message!["role"]!.GetValue<string>() == "assistant")!["content"]!.AsArray();

        Assert.Equal(["thinking", "text", "tool_use", "tool_use"], turn.Select(static block => block!["type"]!.GetValue<string>()));
        Assert.Equal(("hmm", "U0lH"), (turn[0]!["thinking"]!.GetValue<string>(), turn[0]!["signature"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void To_OpenAI(bool aContentForEveryPiece)
    {
        var items = Replay("openai-responses", "openai", "rs_1", aContentForEveryPiece)["input"]!.AsArray();

        Assert.Equal(
            ["message", "reasoning", "message", "function_call", "function_call", "function_call_output", "function_call_output"],
            items.Select(static item => item!["type"]!.GetValue<string>()));
        Assert.Equal(("rs_1", "hmm", "U0lH"), (items[1]!["id"]!.GetValue<string>(), items[1]!["summary"]![0]!["text"]!.GetValue<string>(), items[1]!["encrypted_content"]!.GetValue<string>()));
    }

    private static JsonNode Replay(string target, string vendor, string? id, bool aContentForEveryPiece)
    {
        var contents = Streamed(vendor, id);
        if (!aContentForEveryPiece)
        {
            contents = [new JsonObject { ["role"] = "model", ["parts"] = new JsonArray([.. contents.SelectMany(static content => content["parts"]!.AsArray()).Select(static part => part!.DeepClone())]) }];
        }

        var answered = JsonNode.Parse("""{"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"output":"1"}}},{"functionResponse":{"id":"c2","name":"f","response":{"output":"2"}}}]}""")!;
        var tools = JsonNode.Parse("""[{"functionDeclarations":[{"name":"f"}]}]""");
        var body = new JsonObject { ["tools"] = tools, ["contents"] = new JsonArray([JsonNode.Parse("""{"role":"user","parts":[{"text":"q"}]}"""), .. contents, answered]) };
        var warnings = new List<Warning>();
        var output = new ArrayBufferWriter<byte>();
        WireFormats.Get(target).Requests.Write(WireFormats.Get("gemini").Requests.Read(Encoding.UTF8.GetBytes(body.ToJsonString()), new("m")), Target, output, warnings);

        Assert.Empty(warnings);
        return JsonNode.Parse(output.WrittenSpan)!;
    }

    // The contents of a stream as its caller gets them, one for each piece.
    private static List<JsonNode> Streamed(string vendor, string? id)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = WireFormats.Get("gemini").Streams.CreateEncoder(new() { FallbackId = "f", Model = "m", Created = DateTimeOffset.UnixEpoch });
        foreach (var delta in (ChatDelta[])
        [
            new ReasoningDelta(0, "h"), new ReasoningDelta(0, "mm"), new ReasoningDelta(0, "", "U0lH") { Vendor = vendor, Id = id }, new TextDelta(1, "Let me look."),
            new ToolCallStartDelta(2, "c1", "f"), new ToolCallArgumentsDelta(2, "{}"), new ToolCallStartDelta(3, "c2", "f"), new ToolCallArgumentsDelta(3, "{}"),
            new FinishDelta(new(FinishReasonKind.ToolCalls)), EndDelta.Instance,
        ])
        {
            encoder.Write(delta, output);
        }

        return [.. Encoding.UTF8.GetString(output.WrittenSpan).Split('\n').Where(static line => line.StartsWith("data: ", StringComparison.Ordinal))
            .Select(static line => JsonNode.Parse(line["data: ".Length..])!["candidates"]![0]!["content"]!.DeepClone())];
    }
}
