using System.Buffers;
using System.Text;

namespace Sommelier.Parquet;

/// <summary>Writes Thrift's compact protocol; the other half of <see cref="ThriftReader"/>.</summary>
internal sealed class ThriftWriter
{
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly Stack<int> outer = new();
    private int last;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => output.WrittenSpan;

    /// <summary>A field with a 32-bit integer.</summary>
    public ThriftWriter Int32(int id, int value) => Head(id, 5).Zigzag(value);

    /// <summary>A field with a 64-bit integer.</summary>
    public ThriftWriter Int64(int id, long value) => Head(id, 6).Zigzag(value);

    /// <summary>A field with a boolean.</summary>
    public ThriftWriter Flag(int id, bool value) => Head(id, value ? 1 : 2);

    /// <summary>A field with a text.</summary>
    public ThriftWriter Text(int id, string value) => Head(id, 8).Element(value);

    /// <summary>A field with a list; its elements follow. Types: 5 integer, 8 text, 12 struct.</summary>
    public ThriftWriter List(int id, int type, int count)
    {
        Head(id, 9);
        Put((byte)((Math.Min(count, 15) << 4) | type));
        return count < 15 ? this : Varint((uint)count);
    }

    /// <summary>A text in a list.</summary>
    public ThriftWriter Element(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Varint((uint)bytes.Length);
        output.Write(bytes);
        return this;
    }

    /// <summary>An integer in a list.</summary>
    public ThriftWriter Element(int value) => Zigzag(value);

    /// <summary>A field with a struct; its fields follow, then <see cref="End"/>.</summary>
    public ThriftWriter Begin(int id) => Head(id, 12).Begin();

    /// <summary>A struct in a list.</summary>
    public ThriftWriter Begin()
    {
        outer.Push(last);
        last = 0;
        return this;
    }

    /// <summary>Ends a struct.</summary>
    public ThriftWriter End()
    {
        Put(0);
        last = outer.Count > 0 ? outer.Pop() : 0;
        return this;
    }

    private ThriftWriter Head(int id, int type)
    {
        if (id - last is > 0 and < 16 and var delta)
        {
            Put((byte)((delta << 4) | type));
        }
        else
        {
            Put((byte)type);
            Zigzag(id);
        }

        last = id;
        return this;
    }

    private void Put(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private ThriftWriter Zigzag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private ThriftWriter Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Put((byte)(value | 0x80));
        }

        Put((byte)value);
        return this;
    }
}
