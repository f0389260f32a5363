using System.Buffers.Binary;

namespace Sommelier.Wire.EventStream;

/// <summary>The checksum of AWS event streams: CRC-32 as in zip and Ethernet, polynomial 0xEDB88320 reflected.</summary>
/// <remarks>
/// The framework's <c>BitOperations.Crc32C</c> is another polynomial. Eight tables take eight bytes a step, so that a
/// large frame is not slowed by its checksum.
/// </remarks>
internal static class Crc32
{
    private const int Ways = 8;

    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = Tables;
        var crc = uint.MaxValue;
        while (bytes.Length >= Ways)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[(7 * 256) + (int)(low & 0xFF)] ^ tables[(6 * 256) + (int)((low >> 8) & 0xFF)]
                ^ tables[(5 * 256) + (int)((low >> 16) & 0xFF)] ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (int)(high & 0xFF)] ^ tables[(2 * 256) + (int)((high >> 8) & 0xFF)]
                ^ tables[256 + (int)((high >> 16) & 0xFF)] ^ tables[(int)(high >> 24)];
            bytes = bytes[Ways..];
        }

        foreach (var b in bytes)
        {
            crc = tables[(int)((crc ^ b) & 0xFF)] ^ (crc >> 8);
        }

        return ~crc;
    }

    // The first table is one byte's step; each further one is the table before it, a zero byte later.
    private static uint[] MakeTables()
    {
        var tables = new uint[Ways * 256];
        for (var i = 0; i < 256; i++)
        {
            var value = (uint)i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1;
            }

            tables[i] = value;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            var before = tables[i - 256];
            tables[i] = tables[(int)(before & 0xFF)] ^ (before >> 8);
        }

        return tables;
    }
}
