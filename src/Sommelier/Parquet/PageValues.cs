using System.Buffers.Binary;

namespace Sommelier.Parquet;

/// <summary>The values of a page, one after the other, each as the bytes that the plain encoding has for it (a byte array without its length).</summary>
internal abstract class PageValues
{
    /// <summary>The next value; valid until the one after it.</summary>
    public abstract ReadOnlySpan<byte> Next();

    /// <summary>The values of a page from a place on.</summary>
    /// <param name="encoding">How they are written.</param>
    /// <param name="leaf">What they are.</param>
    /// <param name="bytes">The page.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="count">How many there are at most.</param>
    /// <param name="dictionary">The dictionary of their column; null without one.</param>
    public static PageValues Of(PageEncoding encoding, ParquetNode leaf, byte[] bytes, int start, int count, List<ReadOnlyMemory<byte>>? dictionary)
    {
        var type = leaf.Type!.Value;
        return encoding switch
        {
            PageEncoding.Plain when type == PhysicalType.Boolean => new Bits(new(bytes, start, bytes.Length - start)),
            PageEncoding.Plain => new PlainValues(leaf, bytes, start),
            PageEncoding.PlainDictionary or PageEncoding.RleDictionary => new DictionaryValues(
                dictionary ?? throw ParquetException.Damaged("a page refers to a dictionary that is not there"),
                new(bytes, start + 1, bytes.Length - start - 1, start < bytes.Length ? bytes[start] : 33)),
            PageEncoding.Rle when type == PhysicalType.Boolean && bytes.Length - start >= 4 =>
                new Booleans(new(bytes, start + 4, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(start)), 1)),
            PageEncoding.DeltaBinaryPacked when type is PhysicalType.Int32 or PhysicalType.Int64 =>
                new Numbers(DeltaNumbers.Read(bytes, ref start, count), type == PhysicalType.Int32 ? 4 : 8),
            PageEncoding.DeltaLengthByteArray when type == PhysicalType.ByteArray => new DeltaTexts(bytes, start, count, prefixed: false),
            PageEncoding.DeltaByteArray when type is PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray => new DeltaTexts(bytes, start, count, prefixed: true),
            PageEncoding.ByteStreamSplit when PlainValues.Width(leaf) is > 0 and var width => new SplitValues(bytes, start, width),
            _ => throw new ParquetException($"The column '{leaf.Name}' is written in a way that is not read (encoding {(int)encoding}). Write it with the usual settings."),
        };
    }

    private sealed class Bits(ReadOnlyMemory<byte> bytes) : PageValues
    {
        private readonly byte[] value = new byte[1];
        private long at;

        public override ReadOnlySpan<byte> Next()
        {
            if (at >> 3 >= bytes.Length)
            {
                throw ParquetException.Damaged("a page has fewer values than it says");
            }

            value[0] = (byte)((bytes.Span[(int)(at >> 3)] >> (int)(at & 7)) & 1);
            at++;
            return value;
        }
    }

    private sealed class Booleans(RunLengths runs) : PageValues
    {
        private readonly byte[] value = new byte[1];

        public override ReadOnlySpan<byte> Next()
        {
            value[0] = (byte)runs.Next();
            return value;
        }
    }

    private sealed class DictionaryValues(List<ReadOnlyMemory<byte>> dictionary, RunLengths places) : PageValues
    {
        public override ReadOnlySpan<byte> Next() => places.Next() is var place and >= 0 && place < dictionary.Count
            ? dictionary[place].Span
            : throw ParquetException.Damaged("a value is not in its dictionary");
    }

    private sealed class Numbers(long[] numbers, int width) : PageValues
    {
        private readonly byte[] value = new byte[8];
        private int at;

        public override ReadOnlySpan<byte> Next()
        {
            BinaryPrimitives.WriteInt64LittleEndian(value, at < numbers.Length ? numbers[at++] : throw ParquetException.Damaged("a page has fewer values than it says"));
            return value.AsSpan(0, width);
        }
    }

    // Each shares its beginning with the one before, as far as the prefixes say.
    private sealed class DeltaTexts : PageValues
    {
        private readonly byte[] bytes;
        private readonly long[]? prefixes;
        private readonly long[] lengths;
        private byte[] value = [];
        private int number;
        private int at;

        public DeltaTexts(byte[] bytes, int start, int count, bool prefixed)
        {
            this.bytes = bytes;
            prefixes = prefixed ? DeltaNumbers.Read(bytes, ref start, count) : null;
            lengths = DeltaNumbers.Read(bytes, ref start, count);
            at = start;
        }

        public override ReadOnlySpan<byte> Next()
        {
            var prefix = prefixes is null ? 0 : number < prefixes.Length ? prefixes[number] : -1;
            var length = number < lengths.Length ? lengths[number] : -1;
            if (prefix < 0 || length < 0 || prefix > value.Length || length > bytes.Length - at)
            {
                throw ParquetException.Damaged("a page has fewer values than it says");
            }

            number++;
            var rest = bytes.AsSpan(at, (int)length);
            at += (int)length;
            value = [.. value.AsSpan(0, (int)prefix), .. rest];
            return value;
        }
    }

    // The first bytes of all values, then the second ones, and so on.
    private sealed class SplitValues(byte[] bytes, int start, int width) : PageValues
    {
        private readonly int count = (bytes.Length - start) / width;
        private readonly byte[] value = new byte[width];
        private int at;

        public override ReadOnlySpan<byte> Next()
        {
            if (at >= count)
            {
                throw ParquetException.Damaged("a page has fewer values than it says");
            }

            for (var i = 0; i < width; i++)
            {
                value[i] = bytes[start + (i * count) + at];
            }

            at++;
            return value;
        }
    }
}

/// <summary>Values one behind the other.</summary>
internal sealed class PlainValues(ParquetNode leaf, byte[] bytes, int start) : PageValues
{
    private int at = start;

    /// <summary>How many bytes each value has; 0 where that differs.</summary>
    public static int Width(ParquetNode leaf) => leaf.Type switch
    {
        PhysicalType.Int32 or PhysicalType.Float => 4,
        PhysicalType.Int64 or PhysicalType.Double => 8,
        PhysicalType.Int96 => 12,
        PhysicalType.FixedLengthByteArray => leaf.Length,
        _ => 0,
    };

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Next() => NextPlace() is var (from, length) ? bytes.AsSpan(from, length) : default;

    /// <summary>Where the next value lies.</summary>
    public (int From, int Length) NextPlace()
    {
        var width = Width(leaf);
        if (width == 0)
        {
            width = bytes.Length - at >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) : -1;
            at += 4;
        }

        if (width < 0 || width > bytes.Length - at)
        {
            throw ParquetException.Damaged("a page has fewer values than it says");
        }

        at += width;
        return (at - width, width);
    }
}

/// <summary>Reads integers of which each is told by its difference from the one before.</summary>
internal static class DeltaNumbers
{
    /// <summary>The numbers from a place on, which moves behind them.</summary>
    public static long[] Read(byte[] bytes, ref int at, int most)
    {
        var block = Varint(bytes, ref at);
        var parts = Varint(bytes, ref at);
        var count = Varint(bytes, ref at);
        var value = Zigzag(Varint(bytes, ref at));
        if (count > (ulong)most || block is 0 or > 1 << 20 || parts is 0 or > 1024 || block % parts != 0 || block / parts % 32 != 0)
        {
            throw ParquetException.Damaged("the head of a page of differences is none");
        }

        var numbers = new long[count];
        var perPart = (int)(block / parts);
        var read = 0;
        if (read < numbers.Length)
        {
            numbers[read++] = value;
        }

        while (read < numbers.Length)
        {
            var least = Zigzag(Varint(bytes, ref at));
            var widths = at;
            at += (int)parts;
            for (var part = 0; part < (int)parts && read < numbers.Length; part++)
            {
                var width = widths + part < bytes.Length ? bytes[widths + part] : 65;
                var length = (long)width * perPart / 8;
                if (width > 64 || length > bytes.Length - at)
                {
                    throw ParquetException.Damaged("a page has fewer values than it says");
                }

                long bit = 0;
                for (var i = 0; i < perPart && read < numbers.Length; i++)
                {
                    value = unchecked(value + least + (long)Bits(bytes.AsSpan(at), bit, width));
                    numbers[read++] = value;
                    bit += width;
                }

                at += (int)length;
            }
        }

        return numbers;
    }

    private static ulong Bits(ReadOnlySpan<byte> bytes, long bit, int width)
    {
        ulong number = 0;
        for (var read = 0; read < width;)
        {
            var from = (int)(bit & 7);
            var take = Math.Min(8 - from, width - read);
            number |= (ulong)((bytes[(int)(bit >> 3)] >> from) & ((1 << take) - 1)) << read;
            read += take;
            bit += take;
        }

        return number;
    }

    private static long Zigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    private static ulong Varint(byte[] bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = at < bytes.Length ? bytes[at++] : throw ParquetException.Damaged("a page has fewer values than it says");
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw ParquetException.Damaged("a number is too long");
    }
}
