using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>Reads and writes whole answers of one wire format.</summary>
public interface IResponseWire
{
    /// <summary>Reads a whole answer.</summary>
    /// <exception cref="UpstreamException">The bytes are an error in disguise, empty, or not of this format.</exception>
    ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks);

    /// <summary>
    /// Reads off an answer that is forwarded as it is: usage, finish reason, model, and whether it holds anything.
    /// </summary>
    /// <exception cref="UpstreamException">The bytes are an error in disguise, empty, or not of this format.</exception>
    AnswerFacts Scan(ReadOnlySpan<byte> body, WireQuirks quirks);

    /// <summary>Whether an answer of this format is what its caller asked for; else it is read and written rather than passed on.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="outline">The caller's request, of this format too.</param>
    bool Fits(ReadOnlySpan<byte> body, RequestOutline outline) => true;

    /// <summary>
    /// An answer that is forwarded, with what its caller sent put back where the gateway took it out of the request and the
    /// answer repeats it; null when the bytes are right as they are.
    /// </summary>
    ReadOnlyMemory<byte>? Restored(ReadOnlySpan<byte> body, ReplyContext context) => null;

    /// <summary>Writes a whole answer of any origin; what this format cannot say is added to <paramref name="warnings"/>.</summary>
    void Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings);
}
