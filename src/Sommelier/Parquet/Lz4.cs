namespace Sommelier.Parquet;

/// <summary>Unpacks LZ4 blocks: github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md</summary>
internal static class Lz4
{
    private const int LeastMatch = 4;

    /// <summary>Unpacks into a buffer that must be filled exactly.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> output)
    {
        var at = 0;
        var written = 0;
        while (at < packed.Length)
        {
            var token = packed[at++];
            var literal = Length(packed, ref at, token >> 4);
            packed.Slice(at, literal).CopyTo(output[written..]);
            at += literal;
            written += literal;
            if (at >= packed.Length)
            {
                break;
            }

            var back = packed[at] | (packed[at + 1] << 8);
            at += 2;
            BackReference.Copy(output, ref written, back, checked(Length(packed, ref at, token & 15) + LeastMatch));
        }

        if (written != output.Length)
        {
            throw ParquetException.Damaged("a page unpacks to less than it says");
        }
    }

    private static int Length(ReadOnlySpan<byte> packed, ref int at, int length)
    {
        if (length < 15)
        {
            return length;
        }

        byte more;
        do
        {
            more = packed[at++];
            length = checked(length + more);
        }
        while (more == 255);
        return length;
    }
}
