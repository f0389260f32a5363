using System.Buffers;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.TestKit;
using Sommelier.Wire;
using Sommelier.Wire.BedrockConverse;
using Sommelier.Wire.EventStream;

namespace Sommelier.Tests.Wire.BedrockConverse;

/// <summary>Short words for the tests of this dialect.</summary>
internal static class Converse
{
    public static readonly WireTarget Claude = new()
    {
        Model = "anthropic.claude-opus-5-5-v1:0",
        Quirks = new WireQuirks { MaxTemperature = 1, Reasoning = ReasoningKnob.OutputEffort },
        MaxOutputTokens = 8_000,
    };

    public static readonly ReplyContext Context = new() { FallbackId = "f00", Model = "m", Created = DateTimeOffset.UnixEpoch };

    public static IWireFormat Format => BedrockConverseFormat.Instance;

    public static WireTarget With(Func<WireQuirks, WireQuirks> change) => Claude with { Quirks = change(Claude.Quirks) };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static ChatRequest Read(string body, bool streamed = false) => Format.Requests.Read(Utf8(body), new CallPath("m", streamed));

    public static string Write(ChatRequest request, WireTarget? target = null, List<Warning>? warnings = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.Requests.Write(request, target ?? Claude, output, warnings ?? []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Forward(string body, WireTarget? target = null, List<Warning>? warnings = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Format.Requests.Forward(Utf8(body), Format.Requests.Outline(Utf8(body), new CallPath("m", false)), target ?? Claude, output, warnings ?? []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Events, each <c>{"name": payload}</c>, as frames.</summary>
    public static byte[] Frames(params IEnumerable<string> events)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var line in events)
        {
            using var document = JsonDocument.Parse(line);
            var member = document.RootElement.EnumerateObject().Single();
            EventStreamWriter.WriteEvent(Utf8(member.Name), Utf8(member.Value.GetRawText()), output);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Frames as events, each <c>{"name": payload}</c>; exceptions alike.</summary>
    public static List<string> Events(ReadOnlySpan<byte> frames)
    {
        using var reader = new EventStreamReader();
        var events = new List<string>();
        while (reader.TryRead(ref frames, out var frame))
        {
            var name = frame.Kind == EventStreamKind.Event ? frame.EventType : frame.ExceptionType;
            events.Add($$"""{"{{Encoding.UTF8.GetString(name)}}":{{Encoding.UTF8.GetString(frame.Payload)}}}""");
        }

        return events;
    }

    public static (List<ChatDelta> Steps, bool Ended) Decode(byte[] stream, WireQuirks? quirks = null, int split = 0)
    {
        using var decoder = Format.Streams.CreateDecoder(quirks ?? WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(stream.AsSpan(0, split), steps);
        decoder.Decode(stream.AsSpan(split), steps);
        decoder.Complete(steps);
        return (steps, decoder.Ended);
    }

    public static byte[] Encode(params IEnumerable<ChatDelta> steps)
    {
        var encoder = Format.Streams.CreateEncoder(Context);
        var output = new ArrayBufferWriter<byte>();
        foreach (var step in steps)
        {
            encoder.Write(step, output);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Recorded files of an ending.</summary>
    public static IEnumerable<string> Recorded(string ending) =>
        Directory.GetFiles(Shared.Path("data", "wire", "amazon-bedrock"), ending).Where(file => !file.Contains("reranking", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
