using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Writes content blocks, which <see cref="AnthropicBlockOrder"/> hands over one after the other.</summary>
internal interface IAnthropicBlocks
{
    /// <summary>A block begins.</summary>
    void Open(AnthropicStreamPart part, IBufferWriter<byte> output);

    /// <summary>More of the open block. Its first step is the one that opened it.</summary>
    void Write(AnthropicStreamPart part, ChatDelta delta, IBufferWriter<byte> output);

    /// <summary>The block is complete.</summary>
    void Close(AnthropicStreamPart part, IBufferWriter<byte> output);
}
