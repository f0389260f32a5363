using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>Reads one streamed answer, chunk by chunk as the network delivers it.</summary>
/// <remarks>Any split of the same bytes gives the same deltas. Not thread-safe. Disposal returns pooled memory.</remarks>
public abstract class StreamDecoder : IDisposable
{
    /// <summary>Whether the format's own end mark has come: only then is the answer whole.</summary>
    public bool Ended { get; protected set; }

    /// <summary>Searches of the web that the stream has told of so far, see <see cref="AnswerFacts.WebSearches"/>.</summary>
    public long WebSearches { get; protected set; }

    /// <summary>By what an application's run can be stopped that still goes on; null once it is over, and where closing the connection stops it.</summary>
    public virtual string? RunningTask => null;

    /// <summary>Reads a chunk and appends the steps that it completes.</summary>
    /// <exception cref="UpstreamException">The bytes are not of this format.</exception>
    public abstract void Decode(ReadOnlySpan<byte> chunk, ICollection<ChatDelta> output);

    /// <summary>Says that the connection ended: appends what is still held back. <see cref="Ended"/> tells whether the answer is whole.</summary>
    public virtual void Complete(ICollection<ChatDelta> output)
    {
    }

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
