using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// Puts the parts of a streamed answer one after the other, numbered from 0, as Anthropic and Bedrock send them: parts that
/// other vendors interleave are held back until the block before them is closed.
/// </summary>
/// <param name="blocks">Writes them.</param>
internal sealed class AnthropicBlockOrder(IAnthropicBlocks blocks)
{
    private readonly List<AnthropicStreamPart> waiting = [];
    private int count;

    /// <summary>The block that is open; null when none is.</summary>
    public AnthropicStreamPart? Current { get; private set; }

    /// <summary>Takes a step of a part, and opens the part when it is new.</summary>
    public void Route(int index, AnthropicPartKind kind, ChatDelta delta, IBufferWriter<byte> output)
    {
        if (Current is not null && Current.Index == index && Current.Kind == kind && kind != AnthropicPartKind.Redacted)
        {
            Emit(Current, delta, output);
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

    /// <summary>Takes a piece of a call's arguments; false when its call is closed or never began.</summary>
    public bool Arguments(ToolCallArgumentsDelta delta, IBufferWriter<byte> output)
    {
        if ((Current is null || Current.Index != delta.Index || Current.Kind != AnthropicPartKind.Tool) && Find(delta.Index, AnthropicPartKind.Tool) is null)
        {
            return false;
        }

        Route(delta.Index, AnthropicPartKind.Tool, delta, output);
        Advance(output);
        return true;
    }

    /// <summary>A part is complete.</summary>
    public void End(int index, IBufferWriter<byte> output)
    {
        if (Current?.Index == index)
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

    /// <summary>Closes what is open, and writes what still waits.</summary>
    public void Finish(IBufferWriter<byte> output)
    {
        while (Current is not null || waiting.Count > 0)
        {
            Close(output);
            if (waiting.Count > 0)
            {
                OpenNext(output);
            }
        }
    }

    /// <summary>A part that waits; any kind where none is given.</summary>
    public AnthropicStreamPart? Find(int index, AnthropicPartKind? kind)
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

    // Opens what waits, in order, as far as the blocks before it may be closed.
    private void Advance(IBufferWriter<byte> output)
    {
        while (waiting.Count > 0 && (Current is null || Current.IsClosable))
        {
            Close(output);
            OpenNext(output);
        }
    }

    private void OpenNext(IBufferWriter<byte> output)
    {
        var part = waiting[0];
        waiting.RemoveAt(0);
        part.Block = count++;
        Current = part;
        blocks.Open(part, output);
        foreach (var delta in part.Waiting)
        {
            Emit(part, delta, output);
        }

        part.Waiting.Clear();
    }

    private void Emit(AnthropicStreamPart part, ChatDelta delta, IBufferWriter<byte> output)
    {
        if (delta is ToolCallArgumentsDelta { Arguments.Length: > 0 } arguments)
        {
            part.Follow(arguments.Arguments);
        }

        blocks.Write(part, delta, output);
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (Current is { } part)
        {
            Current = null;
            blocks.Close(part, output);
        }
    }
}
