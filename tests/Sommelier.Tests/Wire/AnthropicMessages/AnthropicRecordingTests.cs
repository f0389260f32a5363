using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.AnthropicMessages;

public sealed class AnthropicRecordingTests
{
    [Fact]
    public void Reads_every_recorded_answer()
    {
        var count = 0;
        foreach (var (name, body) in Recordings.Answers())
        {
            count++;
            var said = Recordings.Walk(body);
            var answer = Wire.Format.Responses.Read(body, WireQuirks.Default);
            AssertSame(name, said, answer.Parts, answer.FinishReason, answer.Usage!.Value, answer.Id, answer.ResponseModel);

            var facts = Wire.Format.Responses.Scan(body, WireQuirks.Default);
            Assert.Equal(answer.Usage, facts.Usage);
            Assert.Equal(answer.FinishReason, facts.FinishReason);
            Assert.Equal(said.Id, facts.Id);
            Assert.Equal(said.Model, facts.ResponseModel);
            Assert.Equal(said.Calls.Count > 0, facts.HasToolCall);
        }

        Assert.True(count >= 14, $"only {count} recordings");
    }

    [Fact]
    public void Writes_back_every_recorded_answer()
    {
        foreach (var (name, body) in Recordings.Answers())
        {
            var answer = Wire.Format.Responses.Read(body, WireQuirks.Default);
            var again = Wire.ReadAnswer(Wire.WriteAnswer(answer));

            Assert.Equal(answer.Id, again.Id);
            Assert.Equal(answer.FinishReason, again.FinishReason);
            Assert.Equal(answer.Usage, again.Usage);
            AssertSame(name, Recordings.Walk(body), again.Parts, again.FinishReason, again.Usage!.Value, again.Id, again.ResponseModel);
            Assert.Equal(answer.Extra?.Fields, again.Extra?.Fields);
        }
    }

    [Fact]
    public void Decodes_every_recorded_stream()
    {
        var count = 0;
        foreach (var (name, events) in Recordings.Streams().Where(one => !one.Name.StartsWith("spliced", StringComparison.Ordinal)))
        {
            count++;
            var deltas = Wire.Decode(Wire.Utf8(Wire.Sse(events)));
            var parts = Assemble(deltas, out var finish, out var usage, out var start);
            AssertSame(name, Recordings.Walk(events), parts, finish!, usage, start.Id, start.ResponseModel);
            Assert.Same(EndDelta.Instance, deltas[^1]);
        }

        Assert.True(count >= 30, $"only {count} recordings");
    }

    [Fact]
    public void Decodes_the_same_wherever_the_network_cuts()
    {
        foreach (var (name, events) in Recordings.Streams())
        {
            var stream = Wire.Utf8(Wire.Sse(events));
            var whole = Wire.Decode(stream);

            // Every position where that is cheap, else a spread that still meets every kind of place.
            var step = stream.Length < 3_000 ? 1 : stream.Length / 101;
            for (var split = 0; split <= stream.Length; split += step)
            {
                Assert.True(whole.SequenceEqual(Wire.Decode(stream, split: split)), $"{name} cut at {split}");
            }
        }
    }

    [Fact]
    public void Relays_byte_for_byte_wherever_the_network_cuts()
    {
        foreach (var (name, events) in Recordings.Streams().Where(IsWhole))
        {
            var stream = Wire.Utf8(Wire.Sse(events));
            var step = stream.Length < 3_000 ? 1 : stream.Length / 101;
            for (var split = 0; split <= stream.Length; split += step)
            {
                var output = new ArrayBufferWriter<byte>();
                using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
                relay.Relay(stream.AsSpan(0, split), output);
                relay.Relay(stream.AsSpan(split), output);
                relay.Complete(output);
                Assert.True(output.WrittenSpan.SequenceEqual(stream), $"{name} cut at {split}");
                Assert.True(relay.Ended);
                Assert.True(relay.HasContent);
                Assert.Null(relay.Failure);
            }
        }
    }

    [Fact]
    public void Relays_with_the_facts_of_every_recording()
    {
        foreach (var (name, events) in Recordings.Streams().Where(IsWhole))
        {
            var said = Recordings.Walk(events);
            using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
            relay.Relay(Wire.Utf8(Wire.Sse(events)), new ArrayBufferWriter<byte>());

            Assert.Equal(said.Id, relay.Facts.Id);
            Assert.Equal(said.Model, relay.Facts.ResponseModel);
            Assert.Equal(said.StopReason, relay.Facts.FinishReason?.Raw);
            Assert.Equal(said.Output, relay.Facts.Usage?.OutputTokens);
            Assert.True(said.Calls.Count > 0 == relay.Facts.HasToolCall, name);
            Assert.True(relay.Facts.OutputBytes >= said.Text.Length, name);
        }
    }

    [Fact]
    public void Encodes_what_it_decoded()
    {
        foreach (var (name, events) in Recordings.Streams().Where(IsWhole))
        {
            var deltas = Wire.Decode(Wire.Utf8(Wire.Sse(events)));
            var again = Wire.Decode(Wire.Utf8(Wire.Encode(deltas)));

            Assert.True(Wire.Join(deltas.Where(IsContent)).SequenceEqual(Wire.Join(again.Where(IsContent))), name);
            Assert.Equal(deltas.OfType<UsageDelta>().Last(), again.OfType<UsageDelta>().Last());
            Assert.Equal(deltas.OfType<FinishDelta>().Single(), again.OfType<FinishDelta>().Single());
        }

        static bool IsContent(ChatDelta delta) => delta is not (UsageDelta or FinishDelta);
    }

    [Fact]
    public void Encodes_as_the_vendor_frames()
    {
        foreach (var (name, events) in Recordings.Streams().Where(IsWhole))
        {
            var encoded = Wire.Encode(Wire.Decode(Wire.Utf8(Wire.Sse(events))));
            var names = encoded.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).ToList();

            Assert.Equal("event: message_start", names[0]);
            Assert.Equal("event: message_delta", names[^2]);
            Assert.Equal("event: message_stop", names[^1]);
            Assert.Equal(names.Count(line => line is "event: content_block_start"), names.Count(line => line is "event: content_block_stop"));
        }
    }

    [Fact]
    public void Fails_where_another_answer_was_spliced_in()
    {
        var (_, events) = Recordings.Streams().Single(one => one.Name.StartsWith("spliced", StringComparison.Ordinal));
        var stream = Wire.Utf8(Wire.Sse(events));

        var deltas = Wire.Decode(stream);
        var failure = Assert.IsType<FailureDelta>(deltas[^1]).Failure;
        Assert.Equal(UpstreamFailureKind.ProtocolError, failure.Kind);
        Assert.DoesNotContain(deltas, delta => delta is FinishDelta or EndDelta);

        var output = new ArrayBufferWriter<byte>();
        using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
        relay.Relay(stream, output);
        Assert.Equal(UpstreamFailureKind.ProtocolError, relay.Failure?.Kind);
        Assert.False(relay.Ended);
        Assert.DoesNotContain("msg_second", System.Text.Encoding.UTF8.GetString(output.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_out_a_start_that_is_sent_twice()
    {
        var (_, events) = Recordings.Streams().Single(one => one.Name.StartsWith("duplicate", StringComparison.Ordinal));

        var output = new ArrayBufferWriter<byte>();
        using var relay = Wire.Format.Streams.CreateRelay(WireQuirks.Default, Wire.Context);
        relay.Relay(Wire.Utf8(Wire.Sse(events)), output);

        Assert.Equal(Wire.Sse(events.Skip(1)), System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.True(relay.Ended);
    }

    private static bool IsWhole((string Name, List<string> Events) one) =>
        !one.Name.StartsWith("spliced", StringComparison.Ordinal) && !one.Name.StartsWith("duplicate", StringComparison.Ordinal);

    private static void AssertSame(
        string name, Said said, IReadOnlyList<ContentPart> parts, FinishReason finish, Usage usage, string? id, string? model)
    {
        Assert.Equal(said.Id, id);
        Assert.Equal(said.Model, model);
        Assert.Equal(said.Text, string.Concat(parts.OfType<TextPart>().Select(part => part.Text)));
        Assert.Equal(said.Thinking, string.Concat(parts.OfType<ReasoningPart>().Select(part => part.Text)));
        Assert.Equal(said.Calls, parts.OfType<ToolCallPart>().Select(call => $"{call.Id} {call.Name} {Recordings.Compact(call.Arguments)}"));
        Assert.Equal(said.Other, parts.OfType<OpaquePart>().Select(part => part.Type));
        Assert.Equal(said.StopReason, finish.Raw);
        Assert.Equal(said.Input + said.CacheRead + said.CacheCreation, usage.InputTokens);
        Assert.Equal(said.CacheRead, usage.CacheReadInputTokens);
        Assert.Equal(said.CacheCreation, usage.CacheCreationInputTokens);
        Assert.True(said.Output == usage.OutputTokens, name);
    }

    private static List<ContentPart> Assemble(List<ChatDelta> deltas, out FinishReason? finish, out Usage usage, out StartDelta start)
    {
        start = Assert.IsType<StartDelta>(deltas[0]);
        finish = deltas.OfType<FinishDelta>().Single().Reason;
        usage = deltas.OfType<UsageDelta>().Last().Usage;
        var parts = new SortedDictionary<int, ContentPart>();
        foreach (var delta in deltas)
        {
            switch (delta)
            {
                case TextDelta text:
                    parts[text.Index] = new TextPart((parts.GetValueOrDefault(text.Index) as TextPart)?.Text + text.Text);
                    break;
                case ReasoningDelta thinking:
                    var before = parts.GetValueOrDefault(thinking.Index) as ReasoningPart;
                    parts[thinking.Index] = new ReasoningPart(before?.Text + thinking.Text, before?.Signature + thinking.Signature);
                    break;
                case ToolCallStartDelta call:
                    parts[call.Index] = new ToolCallPart(call.Id, call.Name, "");
                    break;
                case ToolCallArgumentsDelta arguments:
                    var open = (ToolCallPart)parts[arguments.Index];
                    parts[arguments.Index] = open with { Arguments = open.Arguments + arguments.Arguments };
                    break;
                case OpaqueDelta opaque when opaque.Json.StartsWith("{\"type\":\"content_block_start\"", StringComparison.Ordinal):
                    parts[System.Text.Json.JsonDocument.Parse(opaque.Json).RootElement.GetProperty("index").GetInt32()] =
                        new OpaquePart(opaque.Format, opaque.Type, opaque.Json);
                    break;
            }
        }

        return [.. parts.Values.Select(part => part is ToolCallPart { Arguments: "" } bare ? bare with { Arguments = "{}" } : part)];
    }
}
