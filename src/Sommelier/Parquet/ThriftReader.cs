using System.Text;

namespace Sommelier.Parquet;

/// <summary>Reads Thrift's compact protocol, in which Parquet writes its footer and the heads of its pages.</summary>
/// <remarks>github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md</remarks>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>A field that is true: in fields, a boolean's value is its type.</summary>
    public const int True = 1;

    private const int False = 2;
    private const int DeepestNesting = 32;

    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    /// <summary>How many bytes have been read.</summary>
    public readonly int Position => at;

    /// <summary>Moves to the next field of a struct; false at its end.</summary>
    /// <param name="id">The field's number; 0 before the first one.</param>
    /// <param name="type">The field's type.</param>
    public bool Field(ref int id, out int type)
    {
        var head = Byte();
        type = head & 0x0F;
        if (type == 0)
        {
            return false;
        }

        id = head >> 4 is var delta and > 0 ? id + delta : (int)Integer();
        return true;
    }

    /// <summary>The head of a list: how many elements follow.</summary>
    public int List(out int type)
    {
        var head = Byte();
        type = head & 0x0F;
        var size = head >> 4 is var few and < 15 ? few : (long)Varint();
        return size <= bytes.Length - at ? (int)size : throw ParquetException.Damaged("a list is longer than the file");
    }

    /// <summary>An integer of any width.</summary>
    public long Integer()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>An integer that fits 32 bits.</summary>
    public int Int32() => Integer() is var value and >= int.MinValue and <= int.MaxValue ? (int)value : throw ParquetException.Damaged("a number is too large");

    /// <summary>A text.</summary>
    public string Text() => Encoding.UTF8.GetString(Take((long)Varint()));

    /// <summary>Passes over a value of a field.</summary>
    public void Skip(int type) => Skip(type, inField: true, 0);

    private void Skip(int type, bool inField, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw ParquetException.Damaged("its description is nested too deeply");
        }

        switch (type)
        {
            case True or False:
                _ = inField ? (byte)0 : Byte();
                break;
            case 3:
                Byte();
                break;
            case 4 or 5 or 6:
                Varint();
                break;
            case 7:
                Take(8);
                break;
            case 8:
                Take((long)Varint());
                break;
            case 9 or 10:
                for (var left = List(out var element); left > 0; left--)
                {
                    Skip(element, inField: false, depth + 1);
                }

                break;
            case 11:
                SkipMap(depth);
                break;
            case 12:
                for (var id = 0; Field(ref id, out var member);)
                {
                    Skip(member, inField: true, depth + 1);
                }

                break;
            default:
                throw ParquetException.Damaged("its description has a type that nobody knows");
        }
    }

    private void SkipMap(int depth)
    {
        var size = (long)Varint();
        if (size == 0)
        {
            return;
        }

        var types = Byte();
        for (; size > 0; size--)
        {
            Skip(types >> 4, inField: false, depth + 1);
            Skip(types & 0x0F, inField: false, depth + 1);
        }
    }

    private byte Byte() => at < bytes.Length ? bytes[at++] : throw ParquetException.Damaged("its description ends too early");

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > bytes.Length - at)
        {
            throw ParquetException.Damaged("its description ends too early");
        }

        at += (int)count;
        return bytes.Slice(at - (int)count, (int)count);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw ParquetException.Damaged("a number of its description is too long");
    }
}
