using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

/// <summary>Reads and writes formats that only providers speak, for their tests.</summary>
internal static class Upstreams
{
    /// <summary>An OpenAI caller's request as the format sends it.</summary>
    public static (JsonNode Body, List<Warning> Warnings) Write(IWireFormat format, string openAI, string model = "m", WireQuirks? quirks = null) =>
        Write(format, WireFormats.Get("openai-chat").Requests.Read(Encoding.UTF8.GetBytes(openAI)), model, quirks);

    /// <summary>A request as the format sends it.</summary>
    public static (JsonNode Body, List<Warning> Warnings) Write(IWireFormat format, ChatRequest request, string model = "m", WireQuirks? quirks = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        format.Requests.Write(request, new() { Model = model, Quirks = quirks ?? WireQuirks.Default }, output, warnings);
        return (JsonNode.Parse(output.WrittenSpan)!, warnings);
    }

    /// <summary>A whole answer.</summary>
    public static ChatResponse Read(IWireFormat format, string body) => format.Responses.Read(Encoding.UTF8.GetBytes(body), WireQuirks.Default);

    /// <summary>The failure that stands in the place of a whole answer.</summary>
    public static UpstreamFailure Failure(IWireFormat format, string body) => Assert.Throws<UpstreamException>(() => Read(format, body)).Failure;

    /// <summary>The failure of an error reply.</summary>
    public static UpstreamFailure Error(IWireFormat format, int status, string body) =>
        format.Errors.Read(status, _ => null, Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch);

    /// <summary>The steps of a stream that comes in pieces of a size.</summary>
    public static (List<ChatDelta> Steps, bool Ended) Decode(IWireFormat format, string stream, int size = int.MaxValue)
    {
        using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(stream);
        while (!rest.IsEmpty)
        {
            var length = Math.Min(size, rest.Length);
            decoder.Decode(rest[..length], steps);
            rest = rest[length..];
        }

        decoder.Complete(steps);
        return (steps, decoder.Ended);
    }

    /// <summary>Checks that a stream gives the same steps wherever the network cuts it: at every byte, and in two at every place.</summary>
    public static void AssertSameAtEveryCut(IWireFormat format, string stream)
    {
        var expected = Decode(format, stream);
        var single = Decode(format, stream, 1);
        Assert.Equal(expected.Steps, single.Steps);
        Assert.Equal(expected.Ended, single.Ended);
        var bytes = Encoding.UTF8.GetBytes(stream);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
            var steps = new List<ChatDelta>();
            decoder.Decode(bytes.AsSpan(0, cut), steps);
            decoder.Decode(bytes.AsSpan(cut), steps);
            decoder.Complete(steps);
            Assert.Equal(expected.Steps, steps);
        }
    }

    /// <summary>Checks that a stream that ends early, wherever, never passes for a whole answer.</summary>
    public static void AssertNeverWholeWhenCutBefore(IWireFormat format, string stream, string lastNeeded)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var whole = Encoding.UTF8.GetByteCount(stream.AsSpan(0, stream.IndexOf(lastNeeded, StringComparison.Ordinal) + lastNeeded.Length));
        for (var cut = 0; cut < whole; cut++)
        {
            using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
            var steps = new List<ChatDelta>();
            decoder.Decode(bytes.AsSpan(0, cut), steps);
            decoder.Complete(steps);
            Assert.False(decoder.Ended, $"cut after {cut} bytes");
            Assert.DoesNotContain(EndDelta.Instance, steps);
        }
    }

    /// <summary>The warnings as <c>code field</c>.</summary>
    public static IEnumerable<string> Told(IEnumerable<Warning> warnings) => warnings.Select(warning => $"{warning.Code} {warning.Field}");
}
