using System.Buffers.Binary;
using System.Text;

namespace Sommelier.Ledger.Journalling;

/// <summary>Reads what <see cref="FieldWriter"/> wrote.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> rest = source;

    /// <summary>The current field's number.</summary>
    public int Field { get; private set; }

    /// <summary>The current field's number value; 0 when it is bytes.</summary>
    public long Number { get; private set; }

    /// <summary>The current field's bytes or nested fields; empty when it is a number.</summary>
    public ReadOnlySpan<byte> Span { get; private set; }

    /// <summary>The current field's bytes as text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Span);

    /// <summary>The current field's number as true or false.</summary>
    public readonly bool Flag => Number != 0;

    /// <summary>Moves to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are not fields.</exception>
    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        var key = Varint();
        Field = (int)(key >> 2);
        Number = 0;
        Span = default;
        switch ((int)(key & 3))
        {
            case FieldWriter.NumberKind:
                var zigzag = Varint();
                Number = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
                return true;
            case FieldWriter.BytesKind:
                Span = Take(Varint());
                return true;
            case FieldWriter.NestedKind:
                Span = Take((ulong)BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
                return true;
            default:
                throw Broken();
        }
    }

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)rest.Length)
        {
            throw Broken();
        }

        var taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70 && !rest.IsEmpty; shift += 7)
        {
            var b = rest[0];
            rest = rest[1..];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }

    private static InvalidDataException Broken() => new("A journal record passed its checksum but is not made of fields.");
}
