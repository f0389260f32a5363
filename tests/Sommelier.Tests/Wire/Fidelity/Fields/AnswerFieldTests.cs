using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity.Fields;

/// <summary>No documented field of an answer vanishes on its way to a caller of another dialect, whole or as a stream, without a warning.</summary>
public sealed class AnswerFieldTests
{
    private static readonly ReplyContext Context = new() { FallbackId = "reply1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    // Whole, whole to a caller who wants a stream, and as a stream where one piece of it looks like the whole.
    public static TheoryData<string, string, string> Pairs => new(
        from vendor in Target.All
        from caller in Target.All
        where vendor != caller
        from way in (string[])["whole", "whole to stream", "stream"]
        where way is not "stream" || Streams.ContainsKey(vendor.Format)
        select (vendor.Format, caller.Format, way));

    private static readonly Dictionary<string, Func<string, string>> Streams = new(StringComparer.Ordinal)
    {
        ["openai-chat"] = body => $"data: {body.Replace("\"message\":", "\"delta\":", StringComparison.Ordinal)}\n\ndata: [DONE]\n\n",
        ["gemini"] = body => $"data: {body}\n\n",
        ["ollama"] = body => body + "\n",
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void No_field_vanishes(string vendor, string caller, string way)
    {
        var list = FieldList.Of(vendor + ".answer");
        var plain = Outcome(vendor, caller, way, JsonNode.Parse(list.Body)!);
        var vanished =
            from field in list.Fields
            where field.Why is null && Outcome(vendor, caller, way, list.With(field.Path, JsonNode.Parse(field.Value))) == plain
            select $"{field.Path} {field.Value}";

        Assert.True(!vanished.Any(), "\n" + string.Join("\n", vanished));
    }

    private static string Outcome(string vendor, string caller, string way, JsonNode body)
    {
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        try
        {
            var format = WireFormats.Get(vendor);
            if (way is "whole")
            {
                WireFormats.Get(caller).Responses.Write(Whole(), Context, output, warnings);
            }
            else
            {
                var encoder = WireFormats.Get(caller).Streams.CreateEncoder(Context);
                foreach (var step in way is "stream" ? Upstreams.Decode(format, Streams[vendor](body.ToJsonString())).Steps : ResponseSteps.Of(Whole()))
                {
                    encoder.Write(step, output);
                }

                warnings.AddRange(encoder.Warnings);
            }

            ChatResponse Whole() => format.Responses.Read(Encoding.UTF8.GetBytes(body.ToJsonString()), WireQuirks.Default);
        }
        catch (UpstreamException failure)
        {
            return failure.Message;
        }

        return Encoding.UTF8.GetString(output.WrittenSpan) + string.Join('\n', warnings);
    }
}
