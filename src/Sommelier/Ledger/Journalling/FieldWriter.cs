using System.Buffers.Binary;
using System.Text;

namespace Sommelier.Ledger.Journalling;

/// <summary>Writes numbered fields into a growing buffer: a reader skips the numbers that it does not know.</summary>
/// <remarks>
/// A field is a varint of <c>number * 4 + kind</c> and a value. Kind 0: zigzag varint. Kind 1: varint length and bytes.
/// Kind 2: four bytes of little-endian length and nested fields. Absent means zero, null or empty.
/// </remarks>
internal sealed class FieldWriter
{
    internal const int NumberKind = 0;
    internal const int BytesKind = 1;
    internal const int NestedKind = 2;

    private byte[] buffer = new byte[1024];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public Span<byte> Written => buffer.AsSpan(0, Length);

    /// <summary>Starts anew, leaving room for a header.</summary>
    public void Reset(int headerLength)
    {
        Length = 0;
        Reserve(headerLength);
        Length = headerLength;
    }

    /// <summary>A raw byte, without a field number.</summary>
    public void Raw(byte value)
    {
        Reserve(1);
        buffer[Length++] = value;
    }

    /// <summary>A number; zero is left out.</summary>
    public void Number(int field, long value)
    {
        if (value != 0)
        {
            Optional(field, value);
        }
    }

    /// <summary>A number; null is left out, zero is not.</summary>
    public void Optional(int field, long? value)
    {
        if (value is { } number)
        {
            Varint((uint)((field << 2) | NumberKind));
            Varint((ulong)((number << 1) ^ (number >> 63)));
        }
    }

    /// <summary>True; false is left out.</summary>
    public void Flag(int field, bool value) => Number(field, value ? 1 : 0);

    /// <summary>A text as UTF-8; null is left out.</summary>
    public void Text(int field, string? value)
    {
        if (value is null)
        {
            return;
        }

        Varint((uint)((field << 2) | BytesKind));
        if (value.Length < 0x80 / 3)
        {
            // Its length fits one byte whatever it holds, so it is written first and counted after.
            Reserve(1 + (value.Length * 3));
            var written = Encoding.UTF8.GetBytes(value, buffer.AsSpan(Length + 1));
            buffer[Length] = (byte)written;
            Length += 1 + written;
            return;
        }

        var size = Encoding.UTF8.GetByteCount(value);
        Varint((uint)size);
        Reserve(size);
        Length += Encoding.UTF8.GetBytes(value, buffer.AsSpan(Length));
    }

    /// <summary>Bytes.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((uint)((field << 2) | BytesKind));
        Varint((uint)value.Length);
        Reserve(value.Length);
        value.CopyTo(buffer.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>Begins nested fields.</summary>
    /// <returns>The mark to end them with.</returns>
    public int Begin(int field)
    {
        Varint((uint)((field << 2) | NestedKind));
        Reserve(4);
        Length += 4;
        return Length;
    }

    /// <summary>Ends nested fields.</summary>
    public void End(int mark) => BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(mark - 4), Length - mark);

    private void Varint(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            buffer[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[Length++] = (byte)value;
    }

    private void Reserve(int count)
    {
        if (buffer.Length - Length < count)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + count));
        }
    }
}
