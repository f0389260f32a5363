using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Tests.Wire.Fidelity;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Properties;

/// <summary>Bytes of every kind in every chat format, written by the formats themselves: what properties start from.</summary>
internal static class Samples
{
    public static readonly ReplyContext Context = new() { FallbackId = "reply1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    public static readonly CallPath Path = new("model-1", true);

    /// <summary>The chat formats that callers speak.</summary>
    public static IReadOnlyList<Target> Formats => Target.All;

    public static TheoryData<string> Names => [.. Formats.Select(target => target.Format)];

    public static Target Of(string format) => Formats.Single(target => target.Format == format);

    /// <summary>A request for each feature.</summary>
    public static IEnumerable<byte[]> Requests(Target target) =>
        RequestFeature.All.Select(feature => target.Bytes(feature.Add(RequestFeature.Plain, target.Wire.SealVendor ?? "none")).Body);

    /// <summary>A whole answer for each feature.</summary>
    public static IEnumerable<byte[]> Answers(Target target) =>
        AnswerFeature.All.Select(feature => Bytes(output => target.Wire.Responses.Write(feature.Make(target.Wire.SealVendor), Context, output, [])));

    /// <summary>A stream for each feature, and one that breaks.</summary>
    public static IEnumerable<byte[]> Streams(Target target) => AnswerFeature.All
        .Select(feature => Stream(target, ResponseSteps.Of(feature.Make(target.Wire.SealVendor))))
        .Append(Bytes(output =>
        {
            var encoder = target.Wire.Streams.CreateEncoder(Context);
            encoder.Write(new StartDelta("a1", "model-1"), output);
            encoder.Write(new TextDelta(0, "Once"), output);
            encoder.WriteError(new(GatewayErrorKind.UpstreamUnavailable, "Overloaded.", 503), output);
        }));

    /// <summary>An error of each kind.</summary>
    public static IEnumerable<byte[]> Errors(Target target) =>
        Enum.GetValues<GatewayErrorKind>().Select(kind => Bytes(output => target.Wire.Errors.Write(new(kind, "No, because.", 400), "req_1", output)));

    public static byte[] Stream(Target target, IEnumerable<ChatDelta> steps) => Bytes(output =>
    {
        var encoder = target.Wire.Streams.CreateEncoder(Context);
        foreach (var step in steps)
        {
            encoder.Write(step, output);
        }
    });

    public static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }
}
