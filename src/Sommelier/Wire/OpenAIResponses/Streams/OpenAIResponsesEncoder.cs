using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Writes a streamed answer of any origin as this format's events, each item's whole story in order.</summary>
/// <remarks>
/// A message or thought ends when something else begins. A tool call stays open until its end is told or the answer ends:
/// some vendors write parallel calls in turns.
/// </remarks>
internal sealed class OpenAIResponsesEncoder(ReplyContext context) : StreamEncoder
{
    private readonly ResponsesEventWriter events = new();
    private ResponsesOutput? output;
    private Usage? usage;
    private FinishReason? finish;

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        var items = Output(delta as StartDelta, output);
        switch (delta)
        {
            case TextDelta text:
                items.Said(text.Index, text.Text, isRefusal: false, output);
                break;
            case CitationDelta cited:
                items.Cited(cited, output);
                break;
            case RefusalDelta refusal:
                items.Said(refusal.Index, refusal.Text, isRefusal: true, output);
                break;
            case ReasoningDelta thinking:
                items.Thought(thinking, output);
                break;
            case ToolCallStartDelta call:
                items.CallStarts(call, output);
                break;
            case ToolCallArgumentsDelta arguments:
                items.Arguments(arguments, output);
                break;
            case PartEndDelta end:
                items.PartEnds(end.Index, output);
                break;
            case UsageDelta counts:
                usage = counts.Usage;
                break;
            case FinishDelta finished:
                finish ??= finished.Reason;
                ResponsesWords.Warn(finished.Reason, Lost);
                break;
            case OpaqueDelta { Format: OpenAIResponsesFormat.FormatName } own:
                items.Opaque(own, output);
                break;
            case OpaqueDelta step when TokenLogProbs.Of(step) is { } tokens:
                items.LogProbs(tokens.ReplaceLineEndings(" "), output);
                break;
            case OpaqueDelta opaque:
                Lose(opaque.Type);
                break;
            case EndDelta:
                End(items, output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => ResponsesErrorEvent.Write(error, events.Sequence, output);

    private ResponsesOutput Output(StartDelta? start, IBufferWriter<byte> writer)
    {
        if (output is { } begun)
        {
            return begun;
        }

        var envelope = new ResponsesEnvelope(
            ResponsesIds.Response(start?.Id ?? context.FallbackId), start?.ResponseModel ?? context.Model, context.Created, context);
        output = new ResponsesOutput(events, envelope);
        Lifecycle("response.created", "in_progress", null, output, writer);
        Lifecycle("response.in_progress", "in_progress", null, output, writer);
        return output;
    }

    private void End(ResponsesOutput items, IBufferWriter<byte> writer)
    {
        if (items.HasLogProbs)
        {
            Lost.Add(new Warning("dropped", TokenLogProbs.Name, "the answer has no text that they belong to"));
        }

        var (status, reason) = ResponsesWords.Status(finish ?? new FinishReason(FinishReasonKind.Stop));
        items.CloseAll(status is "completed" ? "completed" : "incomplete", writer);
        Lifecycle($"response.{status}", status, reason, items, writer);
    }

    private void Lifecycle(string type, string status, string? reason, ResponsesOutput items, IBufferWriter<byte> writer)
    {
        var json = events.Open(type, writer);
        json.WriteStartObject("response");
        items.Envelope.Open(json, status, reason);
        items.Write(json);
        items.Envelope.Close(json, usage);
        if (usage is { } counts)
        {
            OpenAIChat.UsageWriter.WriteCost(counts, context, json);
        }

        json.WriteEndObject();
        events.Close();
    }
}
