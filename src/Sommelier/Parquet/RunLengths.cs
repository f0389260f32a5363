namespace Sommelier.Parquet;

/// <summary>Reads small numbers in runs of the same and in packed groups of eight, one by one.</summary>
/// <remarks>github.com/apache/parquet-format/blob/master/Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".</remarks>
internal sealed class RunLengths
{
    private readonly byte[] bytes;
    private readonly int end;
    private readonly int width;
    private int at;
    private long same;
    private uint value;
    private long packed;
    private long bit;

    /// <param name="bytes">The page.</param>
    /// <param name="start">Where the runs begin.</param>
    /// <param name="length">How many bytes they have.</param>
    /// <param name="width">How many bits a number has, 0 to 32.</param>
    public RunLengths(byte[] bytes, int start, int length, int width)
    {
        if (start < 0 || length < 0 || length > bytes.Length - start || width is < 0 or > 32)
        {
            throw ParquetException.Damaged("a page is shorter than it says");
        }

        (this.bytes, at, end, this.width) = (bytes, start, start + length, width);
    }

    /// <summary>The next number.</summary>
    public int Next()
    {
        while (same == 0 && packed == 0)
        {
            Run();
        }

        if (same > 0)
        {
            same--;
            return (int)value;
        }

        packed--;
        uint number = 0;
        for (var read = 0; read < width;)
        {
            var from = (int)(bit & 7);
            var take = Math.Min(8 - from, width - read);
            number |= (uint)((bytes[bit >> 3] >> from) & ((1 << take) - 1)) << read;
            read += take;
            bit += take;
        }

        return (int)number;
    }

    private void Run()
    {
        ulong head = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = Byte();
            head |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                break;
            }

            if (shift > 28)
            {
                throw ParquetException.Damaged("a run is too long");
            }
        }

        if ((head & 1) == 0)
        {
            same = (long)(head >> 1);
            value = 0;
            for (var i = 0; i < (width + 7) / 8; i++)
            {
                value |= (uint)Byte() << (8 * i);
            }

            return;
        }

        var groups = (long)(head >> 1);
        if (groups * width > end - at)
        {
            // The last group may be cut where its numbers end.
            groups = width == 0 ? 0 : (end - at) / width;
        }

        if (groups == 0)
        {
            throw ParquetException.Damaged("a page has fewer values than it says");
        }

        packed = groups * 8;
        bit = (long)at * 8;
        at += (int)(groups * width);
    }

    private byte Byte() => at < end ? bytes[at++] : throw ParquetException.Damaged("a page has fewer values than it says");
}
