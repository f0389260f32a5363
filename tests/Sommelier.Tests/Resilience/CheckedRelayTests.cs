using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Wire.Fidelity;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Streams that are passed on in their own format, of models that are not known to keep to the schema they were given.</summary>
public sealed class CheckedRelayTests
{
    private const string Schema = """{"type":"object","properties":{"items":{"type":"array"},"price":{"type":"number"}},"required":["items","price"]}""";
    private static readonly string[] Good = ["""{"items":[1],""", """ "price":3}"""];
    private static readonly string[] Bad = ["""{"items":[1],""", """ "price":"three"}"""];

    public static TheoryData<string> Formats => new(Target.All.Select(target => target.Format));

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_good_one_passes_byte_for_byte(string format)
    {
        await using var rig = new AttemptRig();
        var pieces = Stream(format, Good);
        Serve(rig, format, pieces);

        var received = await rig.ReceiveAsync(Call(format));

        Assert.Equal(string.Concat(pieces), Encoding.Latin1.GetString(received.Bytes));
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        Assert.NotNull(received.Attempt.Usage);
    }

    // A stream of Gemini's has no mark at its end but the connection's, so that it has begun by then.
    public static TheoryData<string> Marked => new(Target.All.Select(target => target.Format).Where(format => format != "gemini"));

    [Theory]
    [MemberData(nameof(Marked))]
    public async Task A_wrong_one_that_came_at_once_is_answered_by_somebody_else(string format)
    {
        await using var rig = new AttemptRig();
        Serve(rig, format, [string.Concat(Stream(format, Bad))]);
        var good = Stream(format, Good);
        Serve(rig, format, good);

        var received = await rig.ReceiveAsync(Call(format));

        Assert.Equal(UpstreamFailureKind.InvalidAnswer, rig.Log[0].Failure!.Kind);
        Assert.Equal(string.Concat(good), Encoding.Latin1.GetString(received.Bytes));
    }

    [Theory]
    [InlineData("openai-chat", "\"finish_reason\":\"stop\"")]
    [InlineData("openai-responses", "response.completed")]
    [InlineData("anthropic-messages", "end_turn")]
    [InlineData("gemini", "finishReason")]
    [InlineData("bedrock-converse", "messageStop")]
    [InlineData("ollama", "\"done\":true")]
    public async Task The_end_of_a_wrong_one_is_never_told(string format, string end)
    {
        await using var rig = new AttemptRig();
        var gate = new TaskCompletionSource();
        var pieces = Stream(format, Bad);
        Assert.Contains(end, string.Concat(pieces), StringComparison.Ordinal);
        Serve(rig, format, pieces, reply => reply with { GateBefore = Array.FindIndex(pieces, static piece => piece.Contains("items", StringComparison.Ordinal)) + 1, Gate = gate.Task });

        var result = await rig.RunAsync(Call(format));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        Assert.Equal((AttemptOutcome.Broken, UpstreamFailureKind.InvalidAnswer), (received.Attempt!.Outcome, received.Attempt.Failure!.Kind));
        Assert.Contains("items", received.Text, StringComparison.Ordinal);
        Assert.Contains("$.price must be of type number", received.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(end, received.Text, StringComparison.Ordinal);
    }

    public static TheoryData<string, bool> Fenced => new(Target.All.SelectMany(target => new[] { (target.Format, false), (target.Format, true) }));

    [Theory]
    [MemberData(nameof(Fenced))]
    public async Task A_fence_around_a_good_one_is_taken_off(string format, bool thinks)
    {
        await using var rig = new AttemptRig();
        Serve(rig, format, Stream(format, ["\n``", "`json\n", Good[0], Good[1] + "\n`", "``", "\n"], thinks));

        var result = await rig.RunAsync(Call(format));
        var received = await AttemptRig.ReadAsync(result.Answer!);

        var (steps, ended) = Decode(format, received.Bytes);
        Assert.Equal(string.Concat(Good), string.Concat(steps.OfType<TextDelta>().Select(step => step.Text)));
        Assert.Equal(thinks ? "Hm, JSON." : "", string.Concat(steps.OfType<ReasoningDelta>().Select(step => step.Text)));
        Assert.True(ended);
        Assert.Equal((FinishReasonKind.Stop, 12), (received.Attempt!.FinishReason!.Kind, received.Attempt.Usage!.Value.InputTokens));
        Assert.Contains("code fence", Assert.Single(result.Answer!.LateWarnings).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```json\nSure!\n```")]
    [InlineData("``` json {\"items\":[1],\"price\":3}```")]
    [InlineData("`{\"items\":[1],\"price\":3}`")]
    public async Task What_is_no_fence_or_holds_no_JSON_is_answered_by_somebody_else(string text)
    {
        await using var rig = new AttemptRig();
        Serve(rig, "openai-chat", Stream("openai-chat", [.. text.Select(letter => letter.ToString())]));
        var good = Stream("openai-chat", Good);
        Serve(rig, "openai-chat", good);

        var received = await rig.ReceiveAsync(Call("openai-chat"));

        Assert.Equal(UpstreamFailureKind.InvalidAnswer, rig.Log[0].Failure!.Kind);
        Assert.Equal(string.Concat(good), Encoding.Latin1.GetString(received.Bytes));
    }

    [Fact]
    public async Task A_fence_that_is_never_closed_breaks_the_stream()
    {
        await using var rig = new AttemptRig();
        var gate = new TaskCompletionSource();
        Serve(rig, "openai-chat", Stream("openai-chat", ["```json\n" + Good[0], Good[1]]), reply => reply with { GateBefore = 2, Gate = gate.Task });

        var result = await rig.RunAsync(Call("openai-chat"));
        gate.SetResult();
        var received = await AttemptRig.ReadAsync(result.Answer!);

        Assert.Equal((AttemptOutcome.Broken, UpstreamFailureKind.InvalidAnswer), (received.Attempt!.Outcome, received.Attempt.Failure!.Kind));
        Assert.DoesNotContain("[DONE]", received.Text, StringComparison.Ordinal);
    }

    private static (List<ChatDelta> Steps, bool Ended) Decode(string format, byte[] bytes)
    {
        using var decoder = WireFormats.Get(format).Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        decoder.Decode(bytes, steps);
        decoder.Complete(steps);
        return (steps, decoder.Ended);
    }

    private static InboundCall Call(string format)
    {
        var target = Target.All.Single(each => each.Format == format);
        var path = new CallPath("auto", true);
        var body = target.Bytes(RequestFeature.Plain with { OriginalModel = "auto", Stream = true, StreamUsage = true, ResponseFormat = new(ResponseFormatKind.JsonSchema, "a", Schema) }).Body;
        return new()
        {
            Format = target.Wire,
            Body = body,
            Outline = target.Wire.Requests.Outline(body, path),
            Reply = new() { FallbackId = "r", Model = "auto", Created = DateTimeOffset.UnixEpoch, StreamUsage = true, Path = path },
        };
    }

    private static void Serve(AttemptRig rig, string format, string[] pieces, Func<FaultReply, FaultReply>? with = null)
    {
        var target = Target.All.Single(each => each.Format == format);
        var reply = FaultReply.Events(pieces) with { ContentType = target.Wire.Streams.ContentType, Binary = true };
        rig.Serve(ProviderRegistry.Find(target.Provider)!, new Deployment
        {
            Id = $"p{rig.Plan.Count}/new-model",
            Provider = $"p{rig.Plan.Count}",
            Model = "new-model",
            CanonicalModel = "new-model",
            WireFormat = format,
            MaxOutputTokens = 4096,
        }, with?.Invoke(reply) ?? reply);
    }

    // As the format's own vendor writes it, a piece for each step.
    private static string[] Stream(string format, string[] texts, bool thinks = false)
    {
        var encoder = WireFormats.Get(format).Streams.CreateEncoder(new() { FallbackId = "v", Model = "new-model", Created = DateTimeOffset.UnixEpoch, StreamUsage = true });
        ChatDelta[] steps =
        [
            new StartDelta("a1", "new-model"),
            .. thinks ? new ChatDelta[] { new ReasoningDelta(0, "Hm, "), new ReasoningDelta(0, "JSON."), new PartEndDelta(0) } : [],
            .. texts.Select(text => new TextDelta(thinks ? 1 : 0, text)), new PartEndDelta(thinks ? 1 : 0),
            new UsageDelta(new() { InputTokens = 12, OutputTokens = 5 }), new FinishDelta(new(FinishReasonKind.Stop)), new EndDelta(),
        ];
        var pieces = new List<string>();
        foreach (var step in steps)
        {
            var output = new ArrayBufferWriter<byte>();
            encoder.Write(step, output);
            if (output.WrittenCount > 0)
            {
                pieces.Add(Encoding.Latin1.GetString(output.WrittenSpan));
            }
        }

        return [.. pieces];
    }
}
