using System.Buffers;
using System.Text;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes a stream in the Messages dialect: one content block after the other, as the vendor does.</summary>
/// <remarks>
/// <c>message_start</c> waits for the first content, so that it can carry counts that come before it. Parts that other
/// vendors interleave are held back until the block before them is closed.
/// </remarks>
internal sealed class AnthropicStreamEncoder(ReplyContext context) : StreamEncoder
{
    private readonly AnthropicEventWriter events = new();
    private readonly List<AnthropicStreamPart> waiting = [];
    private AnthropicStreamPart? open;
    private StartDelta? start;
    private Usage? usage;
    private FinishReason? finish;
    private int blocks;
    private bool started;
    private bool refused;
    private bool calledTool;

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
                Route(text.Index, AnthropicPartKind.Text, text, output);
                break;
            case RefusalDelta refusal:
                refused = true;
                Route(refusal.Index, AnthropicPartKind.Text, refusal, output);
                break;
            case ReasoningDelta { Redacted: not null } sealedThinking:
                Route(sealedThinking.Index, AnthropicPartKind.Redacted, sealedThinking, output);
                break;
            case ReasoningDelta thinking:
                Route(thinking.Index, AnthropicPartKind.Thinking, thinking, output);
                break;
            case ToolCallStartDelta call:
                calledTool = true;
                Route(call.Index, AnthropicPartKind.Tool, call, output);
                break;
            case ToolCallArgumentsDelta arguments:
                Arguments(arguments, output);
                break;
            case PartEndDelta end:
                End(end.Index, output);
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

    private void Route(int index, AnthropicPartKind kind, ChatDelta delta, IBufferWriter<byte> output)
    {
        if (open is not null && open.Index == index && open.Kind == kind && kind != AnthropicPartKind.Redacted)
        {
            Emit(open, delta, output);
            return;
        }

        var part = kind == AnthropicPartKind.Redacted ? null : Find(index, kind);
        if (part is null)
        {
            part = new AnthropicStreamPart(index, kind, delta);
            waiting.Add(part);
        }

        part.Waiting.Add(delta);
        Advance(output);
    }

    private void Arguments(ToolCallArgumentsDelta delta, IBufferWriter<byte> output)
    {
        if ((open is not null && open.Index == delta.Index && open.Kind == AnthropicPartKind.Tool) || Find(delta.Index, AnthropicPartKind.Tool) is not null)
        {
            Route(delta.Index, AnthropicPartKind.Tool, delta, output);
            Advance(output);
        }
        else if (!string.IsNullOrWhiteSpace(delta.Arguments))
        {
            Lost.Add(new Warning("dropped", "tool_calls", "arguments came after their tool call was complete"));
        }
    }

    private void End(int index, IBufferWriter<byte> output)
    {
        if (open?.Index == index)
        {
            Close(output);
        }

        foreach (var part in waiting)
        {
            if (part.Index == index)
            {
                part.Ended = true;
            }
        }

        Advance(output);
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
            case AnthropicEventType.ContentBlockStart:
                Route(step.Index, AnthropicPartKind.Opaque, delta, output);
                break;
            case AnthropicEventType.ContentBlockDelta when open?.Index == step.Index:
                AnthropicEventWriter.WriteRaw(step.Type, delta.Json, open.Block, output);
                break;
            case AnthropicEventType.ContentBlockDelta when Find(step.Index, kind: null) is { } part:
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

    // Opens what waits, in order, as far as the blocks before it may be closed.
    private void Advance(IBufferWriter<byte> output)
    {
        while (waiting.Count > 0 && (open is null || open.IsClosable))
        {
            Close(output);
            OpenNext(output);
        }
    }

    private void OpenNext(IBufferWriter<byte> output)
    {
        Begin(output);
        open = waiting[0];
        waiting.RemoveAt(0);
        open.Block = blocks++;
        events.WriteBlockStart(open, output);
        foreach (var delta in open.Waiting)
        {
            Emit(open, delta, output);
        }

        open.Waiting.Clear();
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
                part.Follow(arguments.Arguments);
                events.WriteArgumentsDelta(part.Block, arguments.Arguments, output);
                break;
            case OpaqueDelta opaque when !ReferenceEquals(opaque, part.Opening):
                AnthropicEventWriter.WriteRaw(AnthropicEventType.ContentBlockDelta, opaque.Json, part.Block, output);
                break;
        }
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (open is null)
        {
            return;
        }

        if (open.Kind == AnthropicPartKind.Tool && !open.IsBare && !open.IsWhole)
        {
            Lost.Add(new Warning("malformed", "tool_calls", "the arguments of a tool call are not one JSON object"));
        }

        events.WriteBlockStop(open.Block, output);
        open = null;
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
        while (open is not null || waiting.Count > 0)
        {
            Close(output);
            if (waiting.Count > 0)
            {
                OpenNext(output);
            }
        }

        var counts = usage ?? default;
        events.WriteMessageDelta(StopReason(), finish?.StopSequence, counts, context.CostUsd?.Invoke(counts), output);
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
            Lost.Add(new Warning("replaced", "stop_reason", $"'{finish.Raw ?? finish.Kind.ToString()}' has no word in this dialect"));
        }

        return word;
    }

    private AnthropicStreamPart? Find(int index, AnthropicPartKind? kind)
    {
        foreach (var part in waiting)
        {
            if (part.Index == index && (kind is null || part.Kind == kind))
            {
                return part;
            }
        }

        return null;
    }

    private void Lose(string type)
    {
        if (!Lost.Exists(warning => string.Equals(warning.Field, type, StringComparison.Ordinal)))
        {
            Lost.Add(new Warning("dropped", type, "the caller's wire format has no such step"));
        }
    }
}
