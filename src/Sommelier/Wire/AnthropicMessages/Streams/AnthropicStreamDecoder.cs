using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Sse;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Reads a Messages stream into deltas. Part indexes are the vendor's content block indexes.</summary>
internal sealed class AnthropicStreamDecoder(WireQuirks quirks) : StreamDecoder
{
    private enum Block
    {
        None,
        Text,
        Thinking,
        Tool,

        // The call of the tool that stands in for a JSON mode: its arguments are the answer's text.
        Answer,

        // Only this format knows it: every event of it is passed on as it is.
        Opaque,
    }

    private readonly SseReader events = new();
    private readonly List<Block> blocks = [];
    private AnthropicUsage usage;
    private string? openMessage;
    private bool started;
    private bool failed;
    private bool finished;
    private bool answered;
    private bool calledTool;

    /// <inheritdoc/>
    public override void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output)
    {
        while (events.TryRead(ref chunk, out var next))
        {
            Step(next.Data, output);
        }
    }

    /// <inheritdoc/>
    public override void Complete(ICollection<ChatDelta> output)
    {
        // The last event may lack its blank line; one that the network cut is not JSON and does not count.
        if (events.TryReadRest(out var rest) && AnthropicStream.IsWhole(rest.Data))
        {
            Step(rest.Data, output);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            events.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Step(ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        if (data.IsEmpty || Ended || failed)
        {
            return;
        }

        var step = AnthropicEvent.Parse(data);
        switch (step.Type)
        {
            case AnthropicEventType.MessageStart:
                Start(step, output);
                break;
            case AnthropicEventType.ContentBlockStart:
                Open(step.Index, step.Block, data, output);
                break;
            case AnthropicEventType.ContentBlockDelta:
                Add(step, data, output);
                break;
            case AnthropicEventType.ContentBlockStop:
                output.Add(new PartEndDelta(step.Index));
                break;
            case AnthropicEventType.MessageDelta:
                Finish(step, output);
                Container(data, output);
                break;
            case AnthropicEventType.MessageStop:
                Ended = true;
                output.Add(EndDelta.Instance);
                break;
            case AnthropicEventType.Error:
                failed = true;
                output.Add(new FailureDelta(AnthropicErrorReader.InStream(data)));
                break;
            case AnthropicEventType.Unknown:
                output.Add(Opaque(step.TypeName, data));
                break;
        }
    }

    private void Start(in AnthropicEvent step, ICollection<ChatDelta> output)
    {
        var head = AnthropicMessageHead.Read(step.Message);
        if (started)
        {
            if (AnthropicStream.IsOtherMessage(openMessage, head.Id))
            {
                failed = true;
                output.Add(new FailureDelta(AnthropicStream.Spliced));
            }

            return;
        }

        started = true;
        openMessage = head.Id;
        output.Add(new StartDelta(head.Id, head.Model));
        Count(head.Usage, output);
        Whole(head.Content, output);
        Stop(head.StopReason, head.StopSequence, output);
    }

    // Blocks that come whole with the start, as if each had been opened and closed.
    private void Whole(ReadOnlySpan<byte> content, ICollection<ChatDelta> output)
    {
        if (content.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(content);
        reader.Read();
        for (var index = 0; reader.Read() && reader.TokenType == JsonTokenType.StartObject; index++)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var block = content[start..(int)reader.BytesConsumed];
            Open(index, block, AnthropicEventWriter.BlockStart(index, block), output);
            output.Add(new PartEndDelta(index));
        }
    }

    private void Open(int index, ReadOnlySpan<byte> json, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        var block = AnthropicBlockHead.Read(json);
        if (block.Unknown is { } unknown && AnthropicBlockHead.IsKnown(block.Type) && !AnthropicAnswerTool.Is(block.Name, quirks))
        {
            output.Add(AnthropicEventWriter.Fields(index, block.Type, unknown));
        }

        switch (block.Type)
        {
            case "text":
                Set(index, Block.Text);
                if (block.Text is { Length: > 0 } text)
                {
                    output.Add(new TextDelta(index, text));
                }

                break;
            case "thinking":
                Set(index, Block.Thinking);
                if (block.Text is { Length: > 0 } || block.Signature is { Length: > 0 })
                {
                    output.Add(new ReasoningDelta(index, block.Text ?? "", block.Signature is { Length: > 0 } seal ? seal : null) { Vendor = Seals.Anthropic });
                }

                break;
            case "redacted_thinking":
                Set(index, Block.Thinking);
                output.Add(new ReasoningDelta(index, "", Redacted: block.Text ?? "") { Vendor = Seals.Anthropic });
                break;
            case "tool_use":
                Tool(index, block, output);
                break;
            default:
                Set(index, Block.Opaque);
                WebSearches = Math.Max(0, WebSearches + block.WebSearches);
                output.Add(new OpaqueDelta(AnthropicMessagesFormat.FormatName, block.Type, Line(data)));
                break;
        }
    }

    private void Tool(int index, in AnthropicBlockHead block, ICollection<ChatDelta> output)
    {
        if (AnthropicAnswerTool.Is(block.Name, quirks))
        {
            Set(index, Block.Answer);
            answered = true;
            if (block.Input is { } whole)
            {
                output.Add(new TextDelta(index, whole));
            }

            return;
        }

        Set(index, Block.Tool);
        calledTool = true;
        output.Add(new ToolCallStartDelta(index, block.Id ?? "", block.Name ?? ""));
        if (block.Input is { } arguments)
        {
            output.Add(new ToolCallArgumentsDelta(index, arguments));
        }
    }

    private void Add(in AnthropicEvent step, ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        var block = step.Index < blocks.Count ? blocks[step.Index] : Block.None;
        if (block == Block.Opaque || step.DeltaType == AnthropicDeltaType.Unknown)
        {
            // A citation may come before the text that it belongs to: the part has to be there first.
            if (block == Block.Text)
            {
                output.Add(new TextDelta(step.Index, ""));
                if (step.DeltaTypeName.SequenceEqual("citations_delta"u8) && Cited(data) is { } citation)
                {
                    output.Add(new CitationDelta(step.Index, citation));
                    return;
                }
            }

            output.Add(Opaque(step.DeltaTypeName, data));
            return;
        }

        var payload = AnthropicStream.Text(step.Payload);
        switch (step.DeltaType)
        {
            case AnthropicDeltaType.Text:
                output.Add(new TextDelta(step.Index, payload));
                break;
            case AnthropicDeltaType.Thinking:
                output.Add(new ReasoningDelta(step.Index, payload));
                break;
            case AnthropicDeltaType.Signature:
                output.Add(new ReasoningDelta(step.Index, "", payload) { Vendor = Seals.Anthropic });
                break;
            case AnthropicDeltaType.InputJson when payload.Length > 0:
                output.Add(block == Block.Answer
                    ? new TextDelta(step.Index, payload)
                    : new ToolCallArgumentsDelta(step.Index, payload));
                break;
        }
    }

    private void Finish(in AnthropicEvent step, ICollection<ChatDelta> output)
    {
        Stop(
            step.StopReason.IsEmpty ? null : AnthropicStream.Text(step.StopReason),
            step.StopSequence.IsEmpty ? null : AnthropicStream.Text(step.StopSequence),
            output);
        Count(step.Usage, output);
    }

    // Where the host's own tools ran; rare, so that nobody else pays for the look.
    private static void Container(ReadOnlySpan<byte> data, ICollection<ChatDelta> output)
    {
        if (data.IndexOf("\"container\""u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.TryGetProperty("delta"u8, out var delta) && delta.ValueKind == JsonValueKind.Object
            && delta.TryGetProperty(AnthropicStream.Container, out var container) && container.ValueKind != JsonValueKind.Null)
        {
            output.Add(new OpaqueDelta(AnthropicMessagesFormat.FormatName, AnthropicStream.Container, container.GetRawText().Replace('\n', ' ')));
        }
    }

    private void Stop(string? reason, string? stopSequence, ICollection<ChatDelta> output)
    {
        if (reason is not null && !finished)
        {
            finished = true;
            var finish = AnthropicStopReason.Read(reason, stopSequence);
            output.Add(new FinishDelta(AnthropicAnswerTool.Finish(finish, answered, calledTool)));
        }
    }

    private void Count(ReadOnlySpan<byte> json, ICollection<ChatDelta> output)
    {
        if (!json.IsEmpty)
        {
            usage.Read(json);
            output.Add(new UsageDelta(usage.Value));
        }
    }

    private void Set(int index, Block block)
    {
        if (index > AnthropicStream.MaxBlocks)
        {
            throw UpstreamException.Protocol($"A streamed answer has more than {AnthropicStream.MaxBlocks} content blocks.");
        }

        while (blocks.Count <= index)
        {
            blocks.Add(Block.None);
        }

        blocks[index] = block;
    }

    private static Citation? Cited(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.TryGetProperty("delta"u8, out var delta) && delta.TryGetProperty("citation"u8, out var citation) && citation.ValueKind == JsonValueKind.Object
            ? AnthropicBlockReader.Citation(citation)
            : null;
    }

    private static OpaqueDelta Opaque(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data) =>
        new(AnthropicMessagesFormat.FormatName, Encoding.UTF8.GetString(type), Line(data));

    // JSON that came over several data lines leaves as one.
    private static string Line(ReadOnlySpan<byte> data) => Encoding.UTF8.GetString(data).Replace('\n', ' ');
}
