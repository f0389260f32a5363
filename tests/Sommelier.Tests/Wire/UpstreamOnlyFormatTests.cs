using System.Buffers;
using System.Text;
using CsCheck;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire;

public sealed class UpstreamOnlyFormatTests
{
    public static TheoryData<string> Names => [.. WireFormats.All.Where(format => !format.Inbound).Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_format_of_providers_only_says_so_to_whoever_takes_it_for_a_callers(string name)
    {
        var format = WireFormats.Get(name);
        var context = new ReplyContext { FallbackId = "x", Model = "m", Created = DateTimeOffset.UnixEpoch };
        var error = GatewayError.Invalid(null, "no");
        var output = new ArrayBufferWriter<byte>();

        Assert.Contains(name, Assert.Throws<NotSupportedException>(() => format.Requests.Read("{}"u8.ToArray())).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => format.Requests.Outline("{}"u8));
        Assert.Throws<NotSupportedException>(() => format.Responses.Scan("{}"u8, WireQuirks.Default));
        Assert.Throws<NotSupportedException>(() => format.Responses.Write(new() { FinishReason = new(FinishReasonKind.Stop) }, context, output, []));
        Assert.Throws<NotSupportedException>(() => format.Streams.CreateEncoder(context));
        Assert.Throws<NotSupportedException>(() => format.Streams.CreateRelay(WireQuirks.Default, context));
        Assert.Throws<NotSupportedException>(() => format.Errors.Status(error));
        Assert.Throws<NotSupportedException>(() => format.Errors.Write(error, null, output));
        Assert.False(format.Requests.CanForward(new() { Model = "m" }, new() { Model = "m", Quirks = WireQuirks.Default }));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Garbage_is_a_failure_of_the_upstream_and_never_a_crash(string name)
    {
        var format = WireFormats.Get(name);
        Gen.OneOf(Gen.String, Gen.OneOf([.. Shapes.Select(Gen.Const)]).Select(Gen.Int[0, 60], (text, cut) => text[..Math.Max(0, text.Length - cut)])).Sample(text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Survive(() => format.Responses.Read(bytes, WireQuirks.Default));
            Survive(() =>
            {
                using var decoder = format.Streams.CreateDecoder(WireQuirks.Default);
                var steps = new List<ChatDelta>();
                decoder.Decode(bytes, steps);
                decoder.Complete(steps);
            });
            Assert.NotNull(format.Errors.Read(500, _ => null, bytes, DateTimeOffset.UnixEpoch).Message);
        });
    }

    private static string[] Shapes { get; } =
    [
        """{"messages":[{"type":"ai","content":[{"type":"text","text":5},{"type":5},7,null],"tool_calls":[{"name":5},3],"usage_metadata":{"input_tokens":-1}}]}""",
        """{"messages":{"a":1},"__error__":5,"__interrupt__":[1]}""",
        "event: messages\ndata: [5,{\"ls_model_name\":3}]\n\nevent: values\ndata: {\"messages\":[1,{\"type\":\"ai\",\"content\":{}}]}\n\nevent: end\ndata: 7\n\n",
        "event: messages\ndata: []\n\nevent: error\ndata: \"no\"\n\n",
        """{"event":"message","answer":"a","metadata":{"usage":{"prompt_tokens":"x"}},"created_at":99999999999999}""",
        """{"workflow_run_id":"w","data":{"outputs":[1],"status":"succeeded"}}""",
        "data: {\"event\":\"workflow_finished\",\"data\":5}\n\ndata: {\"event\":5}\n\ndata: 5\n\ndata: {\"event\":\"error\",\"status\":\"x\"}\n\n",
        """{"result":{"response":5,"tool_calls":[{"name":"f","arguments":7},{"function":3}],"usage":{}},"success":true,"errors":[]}""",
        """{"result":null,"success":false,"errors":["no",{"code":{}}]}""",
        "data: {\"response\":null,\"tool_calls\":5}\n\ndata: {\"choices\":[5]}\n\ndata: [DONE]\n\n",
        "data: {\"response\":\"\\ud800\"}\n\n",
    ];

    private static void Survive(Action act)
    {
        try
        {
            act();
        }
        catch (UpstreamException)
        {
            // What it should say.
        }
    }
}
