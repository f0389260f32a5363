using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.BedrockConverse;

/// <summary>Bedrock's recorded replies, compared with a plain walk over their JSON.</summary>
public sealed class ConverseRecordingTests
{
    [Fact]
    public void Reads_every_recorded_answer()
    {
        var count = 0;
        foreach (var file in Converse.Recorded("*.json"))
        {
            count++;
            var body = File.ReadAllBytes(file);
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var content = root.GetProperty("output").GetProperty("message").GetProperty("content").EnumerateArray().ToList();
            var answer = Converse.Format.Responses.Read(body, WireQuirks.Default);
            var facts = Converse.Format.Responses.Scan(body, WireQuirks.Default);

            Assert.Equal(string.Concat(content.Select(block => Text(block, "text"))), string.Concat(answer.Parts.OfType<TextPart>().Select(part => part.Text)));
            Assert.Equal(content.Where(block => block.TryGetProperty("toolUse", out _)).Select(block => Call(block.GetProperty("toolUse"))), answer.Parts.OfType<ToolCallPart>().Select(Call));
            Assert.Empty(answer.Parts.OfType<OpaquePart>());
            Assert.Equal(Text(root, "stopReason"), answer.FinishReason.Raw);
            Assert.Equal(root.GetProperty("usage").GetProperty("totalTokens").GetInt64(), answer.Usage!.Value.InputTokens + answer.Usage.Value.OutputTokens);
            Assert.Equal((answer.Usage, answer.FinishReason, answer.Parts.OfType<ToolCallPart>().Any()), (facts.Usage, facts.FinishReason, facts.HasToolCall));
        }

        Assert.True(count >= 5, $"only {count} recordings");
    }

    [Fact]
    public void Decodes_every_recorded_stream_wherever_the_network_cuts()
    {
        var count = 0;
        foreach (var file in Converse.Recorded("*.chunks.txt"))
        {
            count++;
            var lines = Lines(file);
            var stream = Converse.Frames(lines);
            var (steps, ended) = Converse.Decode(stream);
            var said = Walk(lines);

            Assert.True(ended, file);
            Assert.Same(EndDelta.Instance, steps[^1]);
            Assert.Equal(said.Text, string.Concat(steps.OfType<TextDelta>().Select(step => step.Text)));
            Assert.Equal(said.Calls, steps.OfType<ToolCallStartDelta>().Select(call => $"{call.Id} {call.Name} {string.Concat(steps.OfType<ToolCallArgumentsDelta>().Where(step => step.Index == call.Index).Select(step => step.Arguments))}"));
            Assert.Equal(said.Stop, steps.OfType<FinishDelta>().Single().Reason.Raw);
            Assert.Equal(said.Output, steps.OfType<UsageDelta>().SingleOrDefault()?.Usage.OutputTokens);
            for (var split = 1; split < stream.Length; split += 7)
            {
                Assert.Equal(steps, Converse.Decode(stream, split: split).Steps);
            }
        }

        Assert.True(count >= 6, $"only {count} recordings");
    }

    [Fact]
    public void Relays_every_recorded_stream_byte_for_byte()
    {
        foreach (var file in Converse.Recorded("*.chunks.txt"))
        {
            var lines = Lines(file);
            var stream = Converse.Frames(lines);
            for (var split = 0; split < stream.Length; split += 11)
            {
                using var relay = Converse.Format.Streams.CreateRelay(WireQuirks.Default, Converse.Context);
                var output = new ArrayBufferWriter<byte>();
                relay.Relay(stream.AsSpan(0, split), output);
                relay.Relay(stream.AsSpan(split), output);
                relay.Complete(output);

                Assert.True(output.WrittenSpan.SequenceEqual(stream), file);
                Assert.True(relay is { Ended: true, HasContent: true, Failure: null }, file);
                Assert.Equal(Walk(lines).Calls.Count > 0, relay.Facts.HasToolCall);
                Assert.Equal(Walk(lines).Output, relay.Facts.Usage?.OutputTokens);
            }
        }
    }

    private static List<string> Lines(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0)];

    private static (string Text, List<string> Calls, string? Stop, long? Output) Walk(List<string> lines)
    {
        var (text, calls, stop, output) = ("", new List<string>(), (string?)null, (long?)null);
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            var member = document.RootElement.EnumerateObject().Single();
            switch (member.Name)
            {
                case "contentBlockStart":
                    var call = member.Value.GetProperty("start").GetProperty("toolUse");
                    calls.Add($"{Text(call, "toolUseId")} {Text(call, "name")} ");
                    break;
                case "contentBlockDelta" when member.Value.GetProperty("delta").TryGetProperty("toolUse", out var piece):
                    calls[^1] += Text(piece, "input");
                    break;
                case "contentBlockDelta":
                    text += Text(member.Value.GetProperty("delta"), "text");
                    break;
                case "messageStop":
                    stop = Text(member.Value, "stopReason");
                    break;
                case "metadata":
                    output = member.Value.GetProperty("usage").GetProperty("outputTokens").GetInt64();
                    break;
            }
        }

        return (text, calls, stop, output);
    }

    private static string Call(JsonElement call) => $"{Text(call, "toolUseId")} {Text(call, "name")} {JsonSerializer.Serialize(call.GetProperty("input"))}";

    private static string Call(ToolCallPart call) => $"{call.Id} {call.Name} {JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(call.Arguments))}";

    private static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value.GetString() : null;
}
