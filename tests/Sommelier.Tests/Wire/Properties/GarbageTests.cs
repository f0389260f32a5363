using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Properties;

/// <summary>
/// No input crashes a reader: broken copies of good bytes are read by everything that reads, and each is read or refused.
/// </summary>
/// <remarks>
/// A few seconds a format in <c>./test</c>; <c>SOMMELIER_LONG=1</c> takes a hundred times as many. Same seed, same input:
/// a failure names the bytes.
/// </remarks>
public sealed class GarbageTests
{
    public static TheoryData<string> Formats => Samples.Names;

    [Theory]
    [MemberData(nameof(Formats))]
    public void Requests(string format) => Try(format, Samples.Requests, (target, bytes) =>
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
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Answers(string format) => Try(format, Samples.Answers, (target, bytes) =>
    {
        Attempt(() => target.Wire.Responses.Scan(bytes, WireQuirks.Default));
        var answer = target.Wire.Responses.Read(bytes, WireQuirks.Default);
        foreach (var other in Samples.Formats)
        {
            other.Wire.Responses.Write(answer, Samples.Context, new ArrayBufferWriter<byte>(), []);
        }
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Streams(string format) => Try(format, Samples.Streams, (target, bytes) =>
    {
        Attempt(() =>
        {
            using var relay = target.Wire.Streams.CreateRelay(WireQuirks.Default, Samples.Context);
            var output = new ArrayBufferWriter<byte>();
            relay.Relay(bytes, output);
            relay.Complete(output);
        });
        using var decoder = target.Wire.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        Attempt(() =>
        {
            decoder.Decode(bytes, steps);
            decoder.Complete(steps);
        });
        foreach (var other in Samples.Formats)
        {
            var encoder = other.Wire.Streams.CreateEncoder(Samples.Context);
            var output = new ArrayBufferWriter<byte>();
            Attempt(() => steps.ForEach(step => encoder.Write(step, output)));
        }
    });

    [Theory]
    [MemberData(nameof(Formats))]
    public void Errors(string format) => Try(format, Samples.Errors, (target, bytes) =>
    {
        foreach (var status in (int[])[200, 400, 429, 500])
        {
            Assert.NotNull(target.Wire.Errors.Read(status, _ => null, bytes, DateTimeOffset.UnixEpoch).Message);
        }
    });

    private static void Try(string format, Func<Fidelity.Target, IEnumerable<byte[]>> samples, Action<Fidelity.Target, byte[]> read)
    {
        var target = Samples.Of(format);
        Broken.Try(samples(target), bytes => read(target, bytes));
    }

    private static void Attempt(Action read)
    {
        try
        {
            read();
        }
        catch (UpstreamException)
        {
            // Refused.
        }
    }
}
