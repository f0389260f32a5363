using System.Buffers;
using Sommelier.Canonical;
using Sommelier.TestKit.Recordings;
using Sommelier.Tests.Wire.Fidelity;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Recordings;

/// <summary>Every recorded reply of a real vendor is read as it says, and says the same in every caller's dialect.</summary>
public sealed class RecordingTests
{
    private static readonly ReplyContext Context = new() { FallbackId = "reply1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    [Fact]
    public void Every_recording_is_read_as_it_says()
    {
        var wrong = new List<string>();
        var read = 0;
        foreach (var file in RecordedFile.Names.Where(name => RecordedFile.OtherThan(name) is null).SelectMany(RecordedFile.Read))
        {
            var name = file.Name;
            if (Walked.Of(file) is not { } said)
            {
                continue;
            }

            read++;
            var answer = Answer(file);
            var seen = Summary(answer);
            if (seen != (said.Text, said.Calls, said.Reasoning) || (said.Finish is { } word && $"{answer.FinishReason.Kind}" != word) || (said.Output is { } count && answer.Usage?.OutputTokens != count) || (said.Input is { } input && answer.Usage?.InputTokens != input))
            {
                wrong.Add($"{name}: says {Short(said.Text)} [{said.Calls}] '{Short(said.Reasoning)}' {said.Finish} {said.Input} {said.Output}, read {Short(seen.Text)} [{seen.Calls}] '{Short(seen.Reasoning)}' {answer.FinishReason.Kind} {answer.Usage?.InputTokens} {answer.Usage?.OutputTokens}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.InRange(read, 60, 1_000);
    }

    [Fact]
    public void Every_recording_says_the_same_in_every_dialect()
    {
        var wrong = new List<string>();
        foreach (var file in RecordedFile.Names.Where(name => RecordedFile.OtherThan(name) is null).SelectMany(RecordedFile.Read))
        {
            var name = file.Name;
            if (Walked.Of(file) is not { } said)
            {
                continue;
            }

            if (said is { Text: "", Calls: "" })
            {
                // Nothing but what only its own vendor's tools say.
                continue;
            }

            var answer = Answer(file);
            foreach (var dialect in Target.All)
            {
                foreach (var (way, back) in new[] { ("whole", Whole(dialect.Wire, answer)), ("streamed", Streamed(dialect.Wire, answer)) })
                {
                    var seen = Summary(back);
                    if (seen != (said.Text, said.Calls, said.Reasoning))
                    {
                        wrong.Add($"{name} in {dialect} {way}: says '{Short(said.Text)}' [{said.Calls}] '{Short(said.Reasoning)}', came back '{Short(seen.Text)}' [{seen.Calls}] '{Short(seen.Reasoning)}'");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public void A_recorded_stream_means_the_same_byte_by_byte()
    {
        foreach (var file in RecordedFile.Names.Where(name => RecordedFile.OtherThan(name) is null).SelectMany(RecordedFile.Read).Where(file => file.Streamed))
        {
            var bytes = file.Bytes();
            Assert.Equal(Describe(Steps(file, [bytes])), Describe(Steps(file, bytes.Select(b => new[] { b }))));
        }
    }

    private static ChatResponse Answer(RecordedFile file)
    {
        if (!file.Streamed)
        {
            return WireFormats.Get(file.Format).Responses.Read(file.Bytes(), WireQuirks.Default);
        }

        var collector = new StepCollector();
        Steps(file, [file.Bytes()]).ForEach(collector.Add);
        Assert.Null(collector.Failure);
        Assert.True(collector.Ended, $"{file.Name} has no end.");
        return collector.Answer()!;
    }

    private static List<ChatDelta> Steps(RecordedFile file, IEnumerable<byte[]> chunks)
    {
        using var decoder = WireFormats.Get(file.Format).Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        foreach (var chunk in chunks)
        {
            decoder.Decode(chunk, steps);
        }

        decoder.Complete(steps);
        return steps;
    }

    private static string Describe(List<ChatDelta> steps)
    {
        var collector = new StepCollector();
        steps.ForEach(collector.Add);
        return $"{collector.Ended} {collector.Failure} {collector.Answer()?.Usage} {string.Join('|', collector.Answer()?.Parts.Select(part => part.ToString()) ?? [])}";
    }

    private static ChatResponse Whole(IWireFormat wire, ChatResponse answer)
    {
        var output = new ArrayBufferWriter<byte>();
        wire.Responses.Write(answer with { MoreChoices = [] }, Context, output, []);
        return wire.Responses.Read(output.WrittenSpan, WireQuirks.Default);
    }

    private static ChatResponse Streamed(IWireFormat wire, ChatResponse answer)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = wire.Streams.CreateEncoder(Context);
        foreach (var step in ResponseSteps.Of(answer))
        {
            encoder.Write(step, output);
        }

        using var decoder = wire.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(output.WrittenSpan, steps);
        decoder.Complete(steps);
        var collector = new StepCollector();
        steps.ForEach(collector.Add);
        return collector.Answer()!;
    }

    private static (string Text, string Calls, string Reasoning) Summary(ChatResponse answer) => (
        string.Concat(answer.Parts.OfType<TextPart>().Select(part => part.Text)),
        string.Join(' ', answer.Parts.OfType<ToolCallPart>().Select(call => Walked.Call(call.Name, call.Arguments))),
        Walked.Bare(string.Concat(answer.Parts.OfType<ReasoningPart>().Select(part => part.Text))));

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..30]}…{text[^30..]}";
}
