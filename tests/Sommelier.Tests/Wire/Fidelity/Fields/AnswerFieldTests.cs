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

    public static TheoryData<string, string, bool> Pairs => new(
        from vendor in Target.All from caller in Target.All where vendor != caller from streamed in (bool[])[false, true] select (vendor.Format, caller.Format, streamed));

    [Theory]
    [MemberData(nameof(Pairs))]
    public void No_field_vanishes(string vendor, string caller, bool streamed)
    {
        var list = FieldList.Of(vendor + ".answer");
        var plain = Outcome(vendor, caller, streamed, JsonNode.Parse(list.Body)!);
        var vanished =
            from field in list.Fields
            where field.Why is null && Outcome(vendor, caller, streamed, list.With(field.Path, JsonNode.Parse(field.Value))) == plain
            select $"{field.Path} {field.Value}";

        Assert.True(!vanished.Any(), "\n" + string.Join("\n", vanished));
    }

    private static string Outcome(string vendor, string caller, bool streamed, JsonNode body)
    {
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        try
        {
            var answer = WireFormats.Get(vendor).Responses.Read(Encoding.UTF8.GetBytes(body.ToJsonString()), WireQuirks.Default);
            if (streamed)
            {
                var encoder = WireFormats.Get(caller).Streams.CreateEncoder(Context);
                foreach (var step in ResponseSteps.Of(answer))
                {
                    encoder.Write(step, output);
                }

                warnings.AddRange(encoder.Warnings);
            }
            else
            {
                WireFormats.Get(caller).Responses.Write(answer, Context, output, warnings);
            }
        }
        catch (UpstreamException failure)
        {
            return failure.Message;
        }

        return Encoding.UTF8.GetString(output.WrittenSpan) + string.Join('\n', warnings);
    }
}
