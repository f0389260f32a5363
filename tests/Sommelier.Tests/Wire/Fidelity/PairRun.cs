using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Resilience;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity;

/// <summary>One call of a caller in one dialect to a vendor in another, through the real attempt loop and a real socket.</summary>
internal sealed class PairRun(Target caller, Target vendor, bool streamed)
{
    private static readonly ReplyContext VendorContext = new() { FallbackId = "vendor1", Model = "model-1", Created = DateTimeOffset.UnixEpoch, StreamUsage = true };

    private readonly TaskCompletionSource committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the vendor was asked, once the call is over.</summary>
    public ChatRequest? Asked { get; private set; }

    /// <summary>Calls the vendor, which answers with what it was asked for.</summary>
    public Task<AttemptRig.Received> AnswerAsync(ChatRequest request, ChatResponse answer) => RunAsync(request, Reply(Fit(request, answer)));

    /// <summary>Calls the vendor, which answers with bytes.</summary>
    public async Task<AttemptRig.Received> RunAsync(ChatRequest request, FaultReply reply)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new VendorProvider(vendor), Target.Model, reply, reply, reply);
        var result = await rig.RunAsync(Call(request));
        committed.SetResult();
        var received = result.Answer is { } answer ? await AttemptRig.ReadAsync(answer) : new("", null, result.Error);
        Asked = server.Requests is [var first, ..] ? vendor.Wire.Requests.Read(Encoding.UTF8.GetBytes(first.Body), Path) : null;
        return received;
    }

    /// <summary>What the caller got, read in its own dialect.</summary>
    public ChatResponse Read(AttemptRig.Received received)
    {
        if (!streamed)
        {
            return caller.Wire.Responses.Read(received.Bytes, WireQuirks.Default);
        }

        var (steps, ended) = Steps(received);
        Assert.True(ended, "A whole stream ends with the dialect's end mark.");
        var collector = new StepCollector();
        steps.ForEach(collector.Add);
        return collector.Answer()!;
    }

    /// <summary>The steps of a stream that the caller got, and whether it was whole.</summary>
    public (List<ChatDelta> Steps, bool Ended) Steps(AttemptRig.Received received)
    {
        using var decoder = caller.Wire.Streams.CreateDecoder(WireQuirks.Default);
        var steps = new List<ChatDelta>();
        try
        {
            decoder.Decode(received.Bytes, steps);
            decoder.Complete(steps);
        }
        catch (UpstreamException failure)
        {
            steps.Add(new FailureDelta(failure.Failure));
        }

        return (steps, decoder.Ended);
    }

    /// <summary>The vendor's stream that begins well and then reports an error.</summary>
    public FaultReply BreaksWith(GatewayError error)
    {
        var encoder = vendor.Wire.Streams.CreateEncoder(VendorContext);
        var output = new ArrayBufferWriter<byte>();
        encoder.Write(new StartDelta("a1", "model-1"), output);
        encoder.Write(new TextDelta(0, "Once upon a time"), output);
        var begun = output.WrittenCount;
        encoder.WriteError(error, output);

        // The error comes once the answer is committed; earlier, it would be a reason to ask somebody else.
        var whole = Encoding.Latin1.GetString(output.WrittenSpan);
        return Stream(output) with { Pieces = [whole[..begun], whole[begun..]], GateBefore = 1, Gate = committed.Task };
    }

    /// <summary>The vendor's error before anything else.</summary>
    public FaultReply Refuses(GatewayError error)
    {
        var output = new ArrayBufferWriter<byte>();
        vendor.Wire.Errors.Write(error, "req_1", output);
        var header = vendor.Wire.Errors.Header(error);
        return FaultReply.Error(vendor.Wire.Errors.Status(error), Encoding.UTF8.GetString(output.WrittenSpan), header is { } named ? [(named.Key, named.Value)] : []);
    }

    private CallPath Path => new("model-1", streamed);

    // A vendor that was made to call a tool in place of a schema calls it.
    private ChatResponse Fit(ChatRequest request, ChatResponse answer)
    {
        if (request.ResponseFormat?.Kind != ResponseFormatKind.JsonSchema)
        {
            return answer;
        }

        var sent = vendor.Wire.Requests.Read(vendor.Bytes(request with { Format = caller.Format }).Body, Path);
        return sent.ToolChoice is { Mode: ToolChoiceMode.Named or ToolChoiceMode.Required } && sent.Tools is [.., var tool]
            ? answer with { Parts = [new ToolCallPart("call_answer1", tool.Name, ((TextPart)answer.Parts[0]).Text)], FinishReason = new(FinishReasonKind.ToolCalls) }
            : answer;
    }

    private FaultReply Reply(ChatResponse answer)
    {
        var output = new ArrayBufferWriter<byte>();
        if (!streamed)
        {
            vendor.Wire.Responses.Write(answer, VendorContext, output, []);
            return FaultReply.Json(Encoding.UTF8.GetString(output.WrittenSpan));
        }

        var encoder = vendor.Wire.Streams.CreateEncoder(VendorContext);
        foreach (var step in ResponseSteps.Of(answer))
        {
            encoder.Write(step, output);
        }

        return Stream(output);
    }

    private FaultReply Stream(ArrayBufferWriter<byte> output) =>
        FaultReply.Events([Encoding.Latin1.GetString(output.WrittenSpan)]) with { ContentType = vendor.Wire.Streams.ContentType, Binary = true };

    private InboundCall Call(ChatRequest request)
    {
        var body = caller.Bytes(request with { OriginalModel = "auto", Stream = streamed, StreamUsage = streamed }).Body;
        var path = new CallPath("auto", streamed);
        var outline = caller.Wire.Requests.Outline(body, path);
        return new()
        {
            Format = caller.Wire,
            Body = body,
            Outline = outline,
            Reply = new() { FallbackId = "reply1", Model = "auto", Created = DateTimeOffset.UnixEpoch, StreamUsage = outline.StreamUsage, Path = path },
        };
    }

    // The vendor's own provider in every quirk, at an address of the test's.
    private sealed class VendorProvider(Target vendor) : Provider
    {
        public override string Name => "p";

        public override Uri? BaseAddress => null;

        public override IReadOnlyList<ProviderEndpoint> Endpoints => [new(vendor.Format, "whole") { StreamPath = "stream" }];

        public override WireQuirks Quirks(Deployment deployment, string format) => vendor.Write().Quirks;
    }
}
