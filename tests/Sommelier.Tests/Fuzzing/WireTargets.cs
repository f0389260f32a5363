using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Tests.Wire.Properties;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Fuzzing;

/// <summary>The readers of every wire format: requests, whole answers, streams, errors.</summary>
internal static class WireTargets
{
    /// <summary>One target a reader.</summary>
    public static IEnumerable<FuzzTarget> All =>
    [
        .. Samples.Formats.SelectMany(target => (FuzzTarget[])
        [
            new($"{target}.request", () => Samples.Requests(target).Concat(Corpus.Requests(target.Format)), bytes => Request(target, bytes)),
            new($"{target}.answer", () => Samples.Answers(target).Concat(Corpus.Recorded(target.Format, streamed: false)), bytes => Answer(target.Wire, bytes)),
            new($"{target}.stream", () => Samples.Streams(target).Concat(Corpus.Recorded(target.Format, streamed: true)), bytes => Stream(target.Wire, bytes)),
            new($"{target}.error", () => Samples.Errors(target), bytes => Error(target.Wire, bytes)),
        ]),
        new("ollama-generate.request", Corpus.Prompts, bytes => Request(new("ollama-generate", "ollama"), bytes)),
        .. WireFormats.All.Where(format => format is { Operation: Operation.Chat, OwnCallersOnly: false } && Samples.Formats.All(target => target.Format != format.Name)).SelectMany(format => (FuzzTarget[])
        [
            new($"{format.Name}.answer", () => Corpus.Answers(format.Name), bytes => Answer(format, bytes)),
            new($"{format.Name}.stream", () => Corpus.Streams(format.Name), bytes => Stream(format, bytes)),
            new($"{format.Name}.error", () => Corpus.Answers(format.Name), bytes => Error(format, bytes)),
        ]),
    ];

    private static void Request(Wire.Fidelity.Target target, byte[] bytes)
    {
        var requests = target.Wire.Requests;
        var outline = requests.Outline(bytes, Samples.Path);
        var read = requests.Read(bytes, Samples.Path);
        Assert.Equal(read.OriginalModel, outline.Model);
        requests.Write(read, target.Write(), new ArrayBufferWriter<byte>(), []);
        if (requests.CanForward(outline, target.Write()))
        {
            requests.Forward(bytes, outline, target.Write(), new ArrayBufferWriter<byte>(), []);
        }
    }

    private static void Answer(IWireFormat format, byte[] bytes)
    {
        if (format.Inbound)
        {
            Refused(() => format.Responses.Scan(bytes, WireQuirks.Default));
        }

        var answer = format.Responses.Read(bytes, WireQuirks.Default);
        foreach (var other in Samples.Formats)
        {
            other.Wire.Responses.Write(answer, Samples.Context, new ArrayBufferWriter<byte>(), []);
        }
    }

    private static void Stream(IWireFormat format, byte[] bytes)
    {
        if (format.Inbound)
        {
            Assert.Equal(Relayed(format, [bytes]), Relayed(format, Cuts.Of(bytes)));
        }

        var (heard, steps) = Heard(format, [bytes]);
        Assert.Equal(heard, Heard(format, Cuts.Of(bytes)).Meaning);
        foreach (var other in Samples.Formats)
        {
            var encoder = other.Wire.Streams.CreateEncoder(Samples.Context);
            var output = new ArrayBufferWriter<byte>();
            Refused(() => steps.ForEach(step => encoder.Write(step, output)));
        }
    }

    private static void Error(IWireFormat format, byte[] bytes)
    {
        foreach (var status in (int[])[200, 400, 429, 500])
        {
            Assert.NotNull(format.Errors.Read(status, _ => null, bytes, DateTimeOffset.UnixEpoch).Message);
        }
    }

    // What a caller gets, and how the relay says that it ended.
    private static string Relayed(IWireFormat format, IEnumerable<byte[]> chunks)
    {
        using var relay = format.Streams.CreateRelay(WireQuirks.Default, Samples.Context);
        var output = new ArrayBufferWriter<byte>();
        var refusal = Refused(() =>
        {
            foreach (var chunk in chunks)
            {
                relay.Relay(chunk, output);
            }

            relay.Complete(output);
        });
        var facts = relay.Facts;
        return $"{refusal} {relay.Ended} {relay.HasContent} {relay.Failure} {facts.Id} {facts.ResponseModel} {facts.Usage} {facts.FinishReason} {facts.OutputBytes} {facts.HasToolCall} {Convert.ToHexString(output.WrittenSpan)}";
    }

    // Pieces of one part may be cut differently; what they come to may not.
    private static (string Meaning, List<ChatDelta> Steps) Heard(IWireFormat format, IEnumerable<byte[]> chunks)
    {
        using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        var refusal = Refused(() =>
        {
            foreach (var chunk in chunks)
            {
                decoder.Decode(chunk, steps);
            }

            decoder.Complete(steps);
        });
        var collector = new StepCollector();
        ChatResponse? answer = null;
        refusal ??= Refused(() =>
        {
            steps.ForEach(collector.Add);
            answer = collector.Answer();
        });
        return ($"{refusal} {decoder.Ended} {collector.Failure} {answer?.Id} {answer?.ResponseModel} {answer?.FinishReason} {answer?.Usage} {string.Join('|', answer?.Parts.Select(part => part.ToString()) ?? [])}", steps);
    }

    private static string? Refused(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (UpstreamException refusal)
        {
            return refusal.Message;
        }
    }
}
