using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Sommelier.Server.Edge;

/// <summary>The blocks that Kestrel reads into and writes from: 16 kB where its own are 4 kB.</summary>
/// <remarks>
/// A prompt of 85 kB is twenty-one reads in blocks of 4 kB, each a system call, and six in these. A connection that waits holds
/// none, so memory grows with what is on its way, not with the number of connections.
/// </remarks>
internal sealed class ReadBlocks : MemoryPool<byte>
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = 16 * 1024;

    /// <summary>Blocks kept for the next use, 8 MB; what a burst took beyond that goes back to the runtime.</summary>
    private const int MostKept = 512;

    /// <summary>Blocks that come back between two looks at how many were never needed meanwhile.</summary>
    private const int LookEach = 4096;

    private readonly ConcurrentQueue<Block> kept = new();
    private int count;
    private int least;
    private int returned;

    /// <summary>Blocks that wait for their next use.</summary>
    public int Kept => Volatile.Read(ref count);

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (kept.TryDequeue(out var block))
        {
            // Two that do this at once may leave the higher number: the next one mends it, and a block more is kept or dropped.
            var left = Interlocked.Decrement(ref count);
            if (left < Volatile.Read(ref least))
            {
                Volatile.Write(ref least, left);
            }

            return block;
        }

        Volatile.Write(ref least, 0);
        return new Block(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => kept.Clear();

    private void Return(Block block)
    {
        if (Interlocked.Increment(ref count) <= MostKept)
        {
            kept.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref count);
        }

        if (Interlocked.Increment(ref returned) % LookEach == 0)
        {
            Trim();
        }
    }

    // A burst of calls takes a block for each, and streams that go on for minutes need a few at a time: half of what nobody needed goes.
    private void Trim()
    {
        for (var spare = (Volatile.Read(ref least) + 1) / 2; spare > 0 && kept.TryDequeue(out _); spare--)
        {
            Interlocked.Decrement(ref count);
        }

        Volatile.Write(ref least, Kept);
    }

    /// <summary>What Kestrel makes its pools with.</summary>
    public sealed class Factory : IMemoryPoolFactory<byte>
    {
        /// <inheritdoc/>
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ReadBlocks();
    }

    // Pinned: a socket reads into it while the collector may run, and pinning it each time costs more.
    private sealed class Block(ReadBlocks pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
