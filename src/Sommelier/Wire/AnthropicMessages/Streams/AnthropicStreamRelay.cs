using System.Buffers;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Passes a Messages stream on to a caller of the same dialect, event by event.</summary>
/// <remarks>Allocates nothing for a <c>content_block_delta</c>; a repeated <c>message_start</c> is left out, since clients fail on it.</remarks>
internal sealed class AnthropicStreamRelay(ReplyContext context) : StreamRelay
{
    private readonly SseReader events = new();
    private AnthropicUsage usage;
    private bool started;

    /// <inheritdoc/>
    public override void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        while (events.TryRead(ref chunk, out var next))
        {
            if (Ended || Failure is not null)
            {
                return;
            }

            Pass(next, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(IBufferWriter<byte> output)
    {
        if (events.TryReadRest(out var rest) && !Ended && Failure is null && AnthropicStream.IsWhole(rest.Data))
        {
            var before = Failure;
            Pass(rest, output);
            if (Failure == before)
            {
                output.Write(rest.Raw.EndsWith("\n"u8) ? "\n"u8 : "\n\n"u8);
            }
        }
    }

    /// <inheritdoc/>
    public override void WriteError(GatewayError error, IBufferWriter<byte> output) => AnthropicErrorWriter.WriteEvent(error, output);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            events.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Pass(in SseEvent next, IBufferWriter<byte> output)
    {
        // Comments and blank lines keep connections alive.
        if (next.Data.IsEmpty)
        {
            output.Write(next.Raw);
            return;
        }

        var step = AnthropicEvent.Parse(next.Data);
        switch (step.Type)
        {
            case AnthropicEventType.ContentBlockDelta:
                Add(step);
                break;
            case AnthropicEventType.ContentBlockStart:
                Open(step.Block);
                break;
            case AnthropicEventType.MessageStart:
                if (!Start(step))
                {
                    return;
                }

                break;
            case AnthropicEventType.MessageDelta:
                Finish(step);
                if (!step.Usage.IsEmpty && context.CostUsd?.Invoke(usage.Value) is { } cost)
                {
                    AnthropicCost.WriteEvent(next.Data, cost, output);
                    return;
                }

                break;
            case AnthropicEventType.MessageStop:
                Ended = true;
                break;
            case AnthropicEventType.Error:
                Failure = AnthropicErrorReader.InStream(next.Data);
                return;
        }

        output.Write(next.Raw);
    }

    private bool Start(in AnthropicEvent step)
    {
        var head = AnthropicMessageHead.Read(step.Message);
        if (started)
        {
            if (AnthropicStream.IsOtherMessage(Facts.Id, head.Id))
            {
                Failure = AnthropicStream.Spliced;
            }

            return false;
        }

        started = true;
        Facts.Id = head.Id;
        Facts.ResponseModel = head.Model;
        Count(head.Usage);
        Whole(head.Content);
        Stop(head.StopReason, head.StopSequence);
        return true;
    }

    // Blocks that come whole with the start.
    private void Whole(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(content);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            Open(content[start..(int)reader.BytesConsumed]);
        }
    }

    private void Open(ReadOnlySpan<byte> json)
    {
        var block = AnthropicBlockHead.Read(json);
        var opening = (block.Text?.Length ?? 0) + (block.Input?.Length ?? 0);
        Facts.OutputBytes += opening;
        Facts.HasToolCall |= block.Type is "tool_use";
        Facts.WebSearches = Math.Max(0, Facts.WebSearches + block.WebSearches);
        HasContent |= opening > 0 || block.Type is not ("text" or "thinking");
    }

    private void Add(in AnthropicEvent step)
    {
        var length = Math.Max(0, step.Payload.Length - 2);
        HasContent |= length > 0;
        if (step.DeltaType != AnthropicDeltaType.Signature)
        {
            Facts.OutputBytes += length;
        }
    }

    private void Finish(in AnthropicEvent step)
    {
        Stop(
            step.StopReason.IsEmpty ? null : AnthropicStream.Text(step.StopReason),
            step.StopSequence.IsEmpty ? null : AnthropicStream.Text(step.StopSequence));
        Count(step.Usage);
    }

    private void Stop(string? reason, string? stopSequence)
    {
        if (reason is not null)
        {
            Facts.FinishReason = AnthropicStopReason.Read(reason, stopSequence);
            HasContent = true;
        }
    }

    private void Count(ReadOnlySpan<byte> json)
    {
        if (!json.IsEmpty)
        {
            usage.Read(json);
            Facts.Usage = usage.Value;
        }
    }
}
