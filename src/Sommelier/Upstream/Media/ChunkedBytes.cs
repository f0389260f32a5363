using System.Buffers;

namespace Sommelier.Upstream.Media;

/// <summary>Bytes that come one after the other, in pieces of pooled memory that are never moved to a larger one. Not thread-safe.</summary>
internal sealed class ChunkedBytes : IDisposable
{
    private const int Smallest = 16 * 1024;
    private const int Largest = 1024 * 1024;

    private Chunk? first;
    private Chunk? last;

    /// <summary>How many bytes there are.</summary>
    public long Length { get; private set; }

    /// <summary>The first of them, as many as lie together.</summary>
    public ReadOnlySpan<byte> Beginning => first is null ? default : first.Memory.Span;

    /// <summary>All of them. Gone after disposal.</summary>
    public ReadOnlySequence<byte> Sequence => first is null ? default : new(first, 0, last!, last!.Memory.Length);

    /// <summary>Where the next ones go.</summary>
    public Memory<byte> GetMemory()
    {
        if (last is null || last.Free.IsEmpty)
        {
            // As much again as there is, so that a small file stays small.
            var chunk = new Chunk(ArrayPool<byte>.Shared.Rent((int)Math.Clamp(Length, Smallest, Largest)), Length);
            last?.Append(chunk);
            first ??= chunk;
            last = chunk;
        }

        return last.Free;
    }

    /// <summary>So many have come.</summary>
    public void Advance(int count)
    {
        last!.Fill(count);
        Length += count;
    }

    /// <summary>Returns the memory; may be called twice.</summary>
    public void Dispose()
    {
        for (var chunk = first; chunk is not null; chunk = chunk.Following)
        {
            ArrayPool<byte>.Shared.Return(chunk.Array);
        }

        (first, last, Length) = (null, null, 0);
    }

    private sealed class Chunk : ReadOnlySequenceSegment<byte>
    {
        public Chunk(byte[] array, long start)
        {
            Array = array;
            RunningIndex = start;
        }

        public byte[] Array { get; }

        public Memory<byte> Free => Array.AsMemory(Memory.Length);

        public Chunk? Following => (Chunk?)Next;

        public void Append(Chunk next) => Next = next;

        public void Fill(int count) => Memory = Array.AsMemory(0, Memory.Length + count);
    }
}
