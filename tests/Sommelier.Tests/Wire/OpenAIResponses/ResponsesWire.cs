using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.OpenAIResponses;

namespace Sommelier.Tests.Wire.OpenAIResponses;

/// <summary>Short ways to call the format.</summary>
internal static class ResponsesWire
{
    public static readonly IWireFormat Format = OpenAIResponsesFormat.Instance;

    public static readonly ReplyContext Reply = new() { FallbackId = "req_1", Model = "fallback", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    public static readonly WireQuirks Thinking = new() { Reasoning = ReasoningKnob.ReasoningObject, SealedReasoning = true };

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static RequestOutline Outline(string body) => Format.Requests.Outline(Utf8(body));

    public static ChatRequest Read(string body) => Format.Requests.Read(Utf8(body));

    public static ChatRequest ReadForOwn(string body) => ResponsesRequestReader.Read(Utf8(body), plainTools: false);

    public static (string Body, string Warnings) Write(ChatRequest request, WireQuirks? quirks = null, IWireFormat? format = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        (format ?? Format).Requests.Write(request, Target(quirks), output, warnings);
        return (Encoding.UTF8.GetString(output.WrittenSpan), Told(warnings));
    }

    public static (string Body, string Warnings) Forward(string body, WireQuirks? quirks = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        Format.Requests.Forward(Utf8(body), Outline(body), Target(quirks), output, warnings);
        return (Encoding.UTF8.GetString(output.WrittenSpan), Told(warnings));
    }

    public static string Answer(ChatResponse response, ReplyContext? context = null, IWireFormat? format = null)
    {
        var output = new ArrayBufferWriter<byte>();
        (format ?? Format).Responses.Write(response, context ?? Reply, output, []);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static List<ChatDelta> Decode(byte[] bytes, int size = int.MaxValue, bool whole = true)
    {
        using var decoder = Format.Streams.CreateDecoder(WireQuirks.Default);
        var deltas = new List<ChatDelta>();
        for (var at = 0; at < bytes.Length; at += Math.Min(size, bytes.Length - at))
        {
            decoder.Decode(bytes.AsSpan(at, Math.Min(size, bytes.Length - at)), deltas);
        }

        decoder.Complete(deltas);
        Assert.Equal(whole, decoder.Ended);
        return deltas;
    }

    public static string Encode(IEnumerable<ChatDelta> deltas, ReplyContext? context = null)
    {
        var encoder = Format.Streams.CreateEncoder(context ?? Reply);
        var output = new ArrayBufferWriter<byte>();
        foreach (var delta in deltas)
        {
            encoder.Write(delta, output);
        }

        Assert.Empty(encoder.Warnings);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Told(IEnumerable<Warning> warnings) => string.Join(", ", warnings.Select(warning => $"{warning.Code} {warning.Field}"));

    private static WireTarget Target(WireQuirks? quirks) => new() { Model = "m1", Quirks = quirks ?? Thinking, MaxOutputTokens = 1000 };
}
