using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sommelier.Ledger;

/// <summary>Makes request ids that only grow, also within one millisecond and when the clock steps back. Thread-safe.</summary>
internal sealed class RequestIdGenerator(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly byte[] random = new byte[1024];
    private int used = 1024;
    private long lastMilliseconds;
    private ushort lastHigh;
    private ulong lastLow;

    /// <summary>The next id.</summary>
    public string Next()
    {
        lock (gate)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > lastMilliseconds)
            {
                lastMilliseconds = now;
                lastHigh = BinaryPrimitives.ReadUInt16LittleEndian(Random(2));
                lastLow = BinaryPrimitives.ReadUInt64LittleEndian(Random(8));
            }
            else
            {
                // A random step keeps neighbours' ids unguessable; a step of one would not.
                Advance(1 + (ulong)BinaryPrimitives.ReadUInt32LittleEndian(Random(4)));
            }

            return RequestId.Format(lastMilliseconds, lastHigh, lastLow);
        }
    }

    private void Advance(ulong step)
    {
        var low = unchecked(lastLow + step);
        if (low < lastLow && ++lastHigh == 0)
        {
            lastMilliseconds++;
        }

        lastLow = low;
    }

    private ReadOnlySpan<byte> Random(int count)
    {
        if (used + count > random.Length)
        {
            RandomNumberGenerator.Fill(random);
            used = 0;
        }

        used += count;
        return random.AsSpan(used - count, count);
    }
}
