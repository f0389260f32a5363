using System.Buffers.Binary;
using System.Numerics;

namespace Sommelier.Ledger.Journalling;

/// <summary>What a record of the journal says.</summary>
internal enum JournalRecordKind : byte
{
    /// <summary>The request is about to reach an upstream; an entry with what is known before.</summary>
    Opened = 1,

    /// <summary>The request is over; the whole entry.</summary>
    Settled = 2,

    /// <summary>The decision record of a request whose entry waits in the journal.</summary>
    Decided = 3,
}

/// <summary>
/// A record's envelope: mark, length of the payload, CRC-32C over length and payload, payload. The payload's first byte
/// is its <see cref="JournalRecordKind"/>.
/// </summary>
/// <remarks>The mark lets a reader find the next record after damage; the checksum tells a torn record from a whole one.</remarks>
internal static class JournalFrame
{
    public const int HeaderLength = 12;

    /// <summary>A longer record is never written, so a longer length is damage.</summary>
    public const int MaxPayload = 64 * 1024 * 1024;

    private const uint Mark = 0x314A_4C53; // SLJ1

    /// <summary>Fills the header in front of a payload.</summary>
    public static void Seal(Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], frame.Length - HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], Checksum(frame.Slice(4, 4), frame[HeaderLength..]));
    }

    /// <summary>Reads a whole and undamaged record from the start of a span.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (from.Length <= HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(from) != Mark)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(from[4..]);
        if (length is < 1 or > MaxPayload || length > from.Length - HeaderLength)
        {
            return false;
        }

        payload = from.Slice(HeaderLength, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(from[8..]) == Checksum(from.Slice(4, 4), payload);
    }

    private static uint Checksum(ReadOnlySpan<byte> length, ReadOnlySpan<byte> payload)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(length));
        while (payload.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(payload));
            payload = payload[8..];
        }

        foreach (var b in payload)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
