using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes a stream in the Messages dialect: one content block after the other, as the vendor does.</summary>
/// <remarks><c>message_start</c> waits for the first content, so that it can carry counts that come before it.</remarks>
internal sealed class AnthropicStreamEncoder : StreamEncoder, IAnthropicBlocks
{
    private readonly AnthropicEventWriter events = new();
    private readonly ReplyContext context;
    private readonly AnthropicBlockOrder order;
    private Dictionary<int, List<KeyValuePair<string, string>>>? fields;
    private string? container;
    private StartDelta? start;
    private Usage? usage;
    private FinishReason? finish;
    private bool started;
    private bool refused;
    private bool calledTool;

    /// <summary>Begins an answer.</summary>
    public AnthropicStreamEncoder(ReplyContext context)
    {
        this.context = context;
        order = new AnthropicBlockOrder(this);
    }

    /// <inheritdoc/>
    public override void Write(ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case StartDelta first:
                start ??= first;
                break;
            case UsageDelta counts:
                usage = counts.Usage;
                break;
            case FinishDelta reason:
                finish = reason.Reason;
                break;
            case TextDelta text:
                order.Route(text.Index, AnthropicPartKind.Text, text, output);
                break;
            case CitationDelta { Citation.Source: { Format: AnthropicMessagesFormat.FormatName } own } cited:
                Pass(AnthropicEventWriter.Citation(cited.Index, own.Json), output);
                break;
            case CitationDelta:
                CitationWarnings.Add(Lost);
                break;
            case RefusalDelta refusal:
                refused = true;
                order.Route(refusal.Index, AnthropicPartKind.Text, refusal, output);
                break;
            case ReasoningDelta { Redacted: not null } sealedThinking:
                order.Route(sealedThinking.Index, AnthropicPartKind.Redacted, sealedThinking, output);
                break;
            case ReasoningDelta thinking:
                order.Route(thinking.Index, AnthropicPartKind.Thinking, thinking, output);
                break;
            case ToolCallStartDelta call:
                calledTool = true;
                order.Route(call.Index, AnthropicPartKind.Tool, call, output);
                break;
            case ToolCallArgumentsDelta arguments:
                Arguments(arguments, output);
                break;
            case PartEndDelta end:
                order.End(end.Index, output);
                break;
            case OpaqueDelta { Format: AnthropicMessagesFormat.FormatName, Type: AnthropicStream.Container } kept:
                container = kept.Json;
                break;
            case OpaqueDelta opaque:
                Pass(opaque, output);
                break;
            case FailureDelta:
                WriteError(new GatewayError(GatewayErrorKind.UpstreamUnavailable, "The upstream failed while it answered.", 502), output);
                break;
            case EndDelta:
                Finish(output);
                break;
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => AnthropicErrorWriter.WriteEvent(error, output);

    /// <inheritdoc/>
    void IAnthropicBlocks.Open(AnthropicStreamPart part, IBufferWriter<byte> output)
    {
        Begin(output);
        events.WriteBlockStart(part, fields?.GetValueOrDefault(part.Index), output);
    }

    /// <inheritdoc/>
    void IAnthropicBlocks.Write(AnthropicStreamPart part, ChatDelta delta, IBufferWriter<byte> output) => Emit(part, delta, output);

    /// <inheritdoc/>
    void IAnthropicBlocks.Close(AnthropicStreamPart part, IBufferWriter<byte> output)
    {
        if (part.Kind == AnthropicPartKind.Tool && !part.IsBare && !part.IsWhole)
        {
            Lost.Add(new Warning("malformed", "tool_calls", "the arguments of a tool call are not one JSON object"));
        }

        events.WriteBlockStop(part.Block, output);
    }

    private void Arguments(ToolCallArgumentsDelta delta, IBufferWriter<byte> output)
    {
        if (!order.Arguments(delta, output) && !string.IsNullOrWhiteSpace(delta.Arguments))
        {
            Lost.Add(new Warning("dropped", "tool_calls", "arguments came after their tool call was complete"));
        }
    }

    private void Pass(OpaqueDelta delta, IBufferWriter<byte> output)
    {
        if (!string.Equals(delta.Format, AnthropicMessagesFormat.FormatName, StringComparison.Ordinal))
        {
            Lose(delta.Type);
            return;
        }

        var step = AnthropicEvent.Parse(Encoding.UTF8.GetBytes(delta.Json));
        switch (step.Type)
        {
            case AnthropicEventType.ContentBlockStart when AnthropicBlockHead.Read(step.Block) is { Unknown: { } unknown } head && AnthropicBlockHead.IsKnown(head.Type):
                (fields ??= [])[step.Index] = unknown;
                break;
            case AnthropicEventType.ContentBlockStart:
                order.Route(step.Index, AnthropicPartKind.Opaque, delta, output);
                break;
            case AnthropicEventType.ContentBlockDelta when order.Current?.Index == step.Index:
                AnthropicEventWriter.WriteRaw(step.Type, delta.Json, order.Current.Block, output);
                break;
            case AnthropicEventType.ContentBlockDelta when order.Find(step.Index, kind: null) is { } part:
                part.Waiting.Add(delta);
                break;
            case AnthropicEventType.Unknown:
                Begin(output);
                AnthropicEventWriter.WriteUnknown(delta.Json, step.TypeName, output);
                break;
            default:
                Lose(delta.Type);
                break;
        }
    }

    private void Emit(AnthropicStreamPart part, ChatDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case TextDelta { Text.Length: > 0 } text:
                events.WriteTextDelta(part.Block, text.Text, output);
                break;
            case RefusalDelta { Text.Length: > 0 } refusal:
                events.WriteTextDelta(part.Block, refusal.Text, output);
                break;
            case ReasoningDelta { Redacted: null } thinking:
                if (thinking.Text.Length > 0)
                {
                    events.WriteThinkingDelta(part.Block, thinking.Text, output);
                }

                if (thinking.Signature is { } signature)
                {
                    events.WriteSignatureDelta(part.Block, AnthropicSeal.Write(signature, thinking.Vendor, thinking.Id)!, output);
                }

                break;
            case ToolCallArgumentsDelta { Arguments.Length: > 0 } arguments:
                events.WriteArgumentsDelta(part.Block, arguments.Arguments, output);
                break;
            case OpaqueDelta opaque when !ReferenceEquals(opaque, part.Opening):
                AnthropicEventWriter.WriteRaw(AnthropicEventType.ContentBlockDelta, opaque.Json, part.Block, output);
                break;
        }
    }

    private void Begin(IBufferWriter<byte> output)
    {
        if (!started)
        {
            started = true;
            var id = AnthropicIds.Message(start?.Id ?? context.FallbackId);
            events.WriteMessageStart(id, start?.ResponseModel ?? context.Model, usage ?? default, output);
        }
    }

    private void Finish(IBufferWriter<byte> output)
    {
        Begin(output);
        order.Finish(output);
        var counts = usage ?? default;
        events.WriteMessageDelta(StopReason(), finish?.StopSequence, container, counts, context, output);
        output.Write("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);
    }

    private string StopReason()
    {
        if (finish is null)
        {
            return calledTool ? "tool_use" : "end_turn";
        }

        if (refused && finish.Kind == FinishReasonKind.Stop)
        {
            return "refusal";
        }

        var word = AnthropicStopReason.Write(finish, out var known);
        if (!known)
        {
            Lost.Add(LostFinish.Replaced(finish, "stop_reason"));
        }

        return word;
    }
}
