using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.BedrockConverse;

/// <inheritdoc cref="IResponseWire"/>
internal sealed class ConverseResponses : IResponseWire
{
    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => ConverseResponseReader.Read(body, quirks);

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks) => ConverseResponseReader.Scan(body);

    /// <inheritdoc/>
    public void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        ConverseResponseWriter.Write(response, context, output, warnings);
}
