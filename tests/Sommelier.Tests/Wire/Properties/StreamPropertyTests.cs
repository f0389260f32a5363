using System.Buffers;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Properties;

/// <summary>What holds for the streams of every format.</summary>
public sealed class StreamPropertyTests
{
    private static readonly Gen<string> Words = Gen.String[Gen.Char[" abcXYZ09\"\\/{}[]:,\n\t\u0001é한\u2028"], 1, 12];

    private static readonly Gen<ContentPart> Part = Gen.OneOf(
        Words.Select(text => (ContentPart)new TextPart(text)),
        Words.Select(text => (ContentPart)new ReasoningPart(text)),
        Gen.Select(Gen.Int[0, 99], Words, (id, value) => (ContentPart)new ToolCallPart($"call_{id}", "f", $"{{\"v\":{System.Text.Json.JsonSerializer.Serialize(value)}}}")));

    public static TheoryData<string> Formats => Samples.Names;

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_stream_means_the_same_wherever_it_is_cut_in_two(string format)
    {
        foreach (var bytes in Samples.Streams(Samples.Of(format)))
        {
            var whole = Meaning(format, [bytes]);
            for (var cut = 1; cut < bytes.Length; cut++)
            {
                Assert.Equal(whole, Meaning(format, [bytes[..cut], bytes[cut..]]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_stream_means_the_same_byte_by_byte(string format)
    {
        foreach (var bytes in Samples.Streams(Samples.Of(format)))
        {
            Assert.Equal(Meaning(format, [bytes]), Meaning(format, bytes.Select(b => new[] { b })));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_streamed_reads_as_it_was_said(string format) => Part.List[1, 6].Sample(
        parts =>
        {
            var target = Samples.Of(format);
            var said = parts.Select((part, at) => part is ToolCallPart call ? call with { Id = $"{call.Id}_{at}" } : part).ToArray();
            var answer = new ChatResponse { Id = "a1", ResponseModel = "m", Parts = said, FinishReason = new(FinishReasonKind.Stop) };
            var collector = new StepCollector();
            Steps(target.Wire, [Samples.Stream(target, ResponseSteps.Of(answer))], out var ended).ForEach(collector.Add);

            Assert.True(ended);
            var back = collector.Answer()!.Parts;
            Assert.Equal(Said<TextPart>(parts, part => part.Text), Said<TextPart>(back, part => part.Text));
            Assert.Equal(Said<ReasoningPart>(parts, part => part.Text), Said<ReasoningPart>(back, part => part.Text));
            Assert.Equal(Calls(parts), Calls(back));
        },
        iter: 200);

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_relay_passes_on_what_came_and_sees_what_a_reader_sees(string format)
    {
        var target = Samples.Of(format);
        foreach (var bytes in Samples.Streams(target))
        {
            using var relay = target.Wire.Streams.CreateRelay(WireQuirks.Default, Samples.Context);
            var output = new ArrayBufferWriter<byte>();
            relay.Relay(bytes, output);
            relay.Complete(output);
            var steps = Steps(target.Wire, [bytes], out var ended);

            Assert.Equal(ended, relay.Ended);
            Assert.Equal(steps.OfType<FailureDelta>().Any(), relay.Failure is not null);
            Assert.Equal(steps.OfType<FinishDelta>().LastOrDefault()?.Reason.Kind, relay.Facts.FinishReason?.Kind);
            Assert.Equal(steps.OfType<UsageDelta>().LastOrDefault()?.Usage.OutputTokens, relay.Facts.Usage?.OutputTokens);
            if (relay.Failure is null)
            {
                Assert.Equal(Meaning(format, [bytes]), Meaning(format, [output.WrittenSpan.ToArray()]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_stream_that_is_cut_short_is_never_whole(string format)
    {
        var target = Samples.Of(format);
        var bytes = Samples.Streams(target).First();
        var ends = 0;
        for (var cut = 0; cut < bytes.Length; cut++)
        {
            Steps(target.Wire, [bytes[..cut]], out var ended);
            ends += ended ? 1 : 0;
        }

        // Trailing line feeds of the end mark and what may follow it are all that a whole stream can lack.
        Assert.InRange(ends, 0, bytes.Length / 2);
        Steps(target.Wire, [bytes[..(bytes.Length / 2)]], out var half);
        Assert.False(half);
    }

    private static List<ChatDelta> Steps(IWireFormat wire, IEnumerable<byte[]> chunks, out bool ended)
    {
        using var decoder = wire.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        foreach (var chunk in chunks)
        {
            decoder.Decode(chunk, steps);
        }

        decoder.Complete(steps);
        ended = decoder.Ended;
        return steps;
    }

    // Pieces of one part may be cut differently; what they come to may not.
    private static string Meaning(string format, IEnumerable<byte[]> chunks)
    {
        var collector = new StepCollector();
        Steps(WireFormats.Get(format), chunks, out var ended).ForEach(collector.Add);

        var answer = collector.Answer();
        return $"{ended} {collector.Failure?.Kind} {answer?.Id} {answer?.ResponseModel} {answer?.FinishReason} {answer?.Usage} {string.Join('|', answer?.Parts.Select(part => part.ToString()) ?? [])}";
    }

    private static string Said<T>(IEnumerable<ContentPart> parts, Func<T, string> text)
        where T : ContentPart => string.Concat(parts.OfType<T>().Select(text));

    private static string Calls(IEnumerable<ContentPart> parts) => string.Join('|', parts.OfType<ToolCallPart>().Select(call => $"{call.Name} {Json(call.Arguments)}"));

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(text));
}
