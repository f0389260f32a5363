using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Gemini;

/// <inheritdoc cref="IResponseWire"/>
internal sealed class GeminiResponses : IResponseWire
{
    /// <inheritdoc/>
    public ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => GeminiResponseReader.Read(body);

    /// <inheritdoc/>
    public AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks) => GeminiResponseReader.Scan(body);

    /// <inheritdoc/>
    public void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        GeminiResponseWriter.Write(response, context, output, warnings);
}
