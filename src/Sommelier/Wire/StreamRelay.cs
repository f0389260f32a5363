using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>
/// Passes one stream on as it is, whole events at a time, while it reads off what the record needs.
/// </summary>
/// <remarks>
/// Bytes are those of the vendor, except that an event that was asked for only by us (token counts) is left out, and
/// that the event with the token counts gains a <c>sommelier</c> object for callers that sent one, and that a response object
/// names the answer that its caller continues, which the vendor was not told, and what a server that follows another vendor's
/// format writes so that the vendor's own clients would not take it. Not thread-safe.
/// </remarks>
public abstract class StreamRelay : IDisposable
{
    /// <summary>Usage, finish reason and model as far as they have been seen.</summary>
    public virtual AnswerFacts Facts { get; } = new();

    /// <summary>What of the answer so far was lost or changed on the way to the caller.</summary>
    public virtual IReadOnlyList<Warning> Warnings => [];

    /// <summary>Whether content (text, thinking, a tool call, a refusal) or a finish reason has been relayed: the answer is worth committing to.</summary>
    public bool HasContent { get; protected set; }

    /// <summary>Whether the format's own end mark has been relayed: only then is the answer whole.</summary>
    public bool Ended { get; protected set; }

    /// <summary>By what the run behind the stream can be stopped, see <see cref="StreamDecoder.RunningTask"/>.</summary>
    public virtual string? RunningTask => null;

    /// <summary>A failure that the vendor reported inside the stream; the event itself is not relayed.</summary>
    public UpstreamFailure? Failure { get; protected set; }

    /// <summary>
    /// Relays the whole events among the bytes seen so far and keeps a cut one for the next call. Stops at a failure.
    /// </summary>
    /// <exception cref="UpstreamException">The bytes are not of this format.</exception>
    public abstract void Relay(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output);

    /// <summary>Says that the connection ended: relays what is still held back and can stand alone.</summary>
    public virtual void Complete(IBufferWriter<byte> output)
    {
    }

    /// <summary>Writes the dialect's error event, for a failure after the first byte.</summary>
    public abstract void WriteError(GatewayError error, IBufferWriter<byte> output);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns pooled memory.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
