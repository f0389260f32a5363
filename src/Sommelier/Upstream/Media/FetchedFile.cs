using Sommelier.Canonical;

namespace Sommelier.Upstream.Media;

/// <summary>A file that was fetched. Its bytes and its place among all that is held go back on disposal.</summary>
/// <param name="mediaType">What it is.</param>
/// <param name="bytes">The bytes, which become its own.</param>
/// <param name="room">Where it has a place.</param>
internal sealed class FetchedFile(string mediaType, ChunkedBytes bytes, MediaRoom room) : IDisposable
{
    private long held = bytes.Length;

    /// <summary>What it is.</summary>
    public string MediaType => mediaType;

    /// <summary>The bytes. Gone after disposal.</summary>
    public BlobData Data { get; } = BlobData.OfBytes(bytes.Sequence);

    /// <summary>May be called twice.</summary>
    public void Dispose()
    {
        bytes.Dispose();
        room.Leave(Interlocked.Exchange(ref held, 0));
    }
}
