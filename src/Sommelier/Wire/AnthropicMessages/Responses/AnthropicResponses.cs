using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.AnthropicMessages;

/// <inheritdoc cref="IResponseWire"/>
internal sealed class AnthropicResponses : IResponseWire
{
    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => AnthropicResponseReader.Read(body, quirks);

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks) => AnthropicResponseScanner.Scan(body);

    /// <inheritdoc/>
    public void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        AnthropicResponseWriter.Write(response, context, output, warnings);
}
