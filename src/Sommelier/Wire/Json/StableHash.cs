using System.Buffers.Binary;

namespace Sommelier.Wire.Json;

/// <summary>A 64-bit hash that is the same in every process and version: sessions are found again after a restart.</summary>
/// <remarks>Multiply-and-fold over eight bytes at a time, in the manner of wyhash; not for secrets.</remarks>
internal struct StableHash : ITextSink
{
    private ulong state;

    /// <summary>The hash of all that was added, in order.</summary>
    public readonly ulong Value => Fold(state ^ 0xA0761D6478BD642FUL, 0xE7037ED1A0B428DBUL);

    /// <summary>Adds bytes and their length, so that pieces do not run into each other.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var hash = Fold(state ^ (ulong)bytes.Length, 0x8EBC6AF09C88C6E3UL);
        if (bytes.Length >= 64)
        {
            hash = Lanes(ref bytes, hash);
        }

        while (bytes.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), 0x589965CC75374CC3UL);
            bytes = bytes[8..];
        }

        ulong last = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            last |= (ulong)bytes[i] << (8 * i);
        }

        state = Fold(hash ^ last, 0x1D8E4E27C47D124FUL);
    }

    // Long texts go through four lanes at once, so that a multiplication need not wait for the one before it.
    private static ulong Lanes(ref ReadOnlySpan<byte> bytes, ulong seed)
    {
        var (first, second, third, fourth) = (seed, seed + 1, seed + 2, seed + 3);
        var length = bytes.Length & ~31;
        for (var at = 0; at < length; at += 32)
        {
            var block = bytes.Slice(at, 32);
            first = Fold(first ^ BinaryPrimitives.ReadUInt64LittleEndian(block), 0x589965CC75374CC3UL);
            second = Fold(second ^ BinaryPrimitives.ReadUInt64LittleEndian(block[8..]), 0x1D8E4E27C47D124FUL);
            third = Fold(third ^ BinaryPrimitives.ReadUInt64LittleEndian(block[16..]), 0xEB44ACCAB455D165UL);
            fourth = Fold(fourth ^ BinaryPrimitives.ReadUInt64LittleEndian(block[24..]), 0x9E3779B97F4A7C15UL);
        }

        bytes = bytes[length..];
        return Fold(first ^ second, third + fourth) ^ Fold(second + fourth, first ^ third);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low ^ left;
    }
}
