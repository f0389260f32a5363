namespace Sommelier.Parquet;

/// <summary>Unpacks Snappy's raw format: github.com/google/snappy/blob/main/format_description.txt</summary>
internal static class Snappy
{
    /// <summary>Unpacks into a buffer that must be filled exactly.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> output)
    {
        var at = 0;
        var written = 0;
        ulong length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = packed[at++];
            length |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80 || shift > 28)
            {
                break;
            }
        }

        if (length != (ulong)output.Length)
        {
            throw ParquetException.Damaged("a page unpacks to another length than it says");
        }

        while (at < packed.Length)
        {
            var tag = packed[at++];
            if ((tag & 3) == 0)
            {
                var literal = tag >> 2;
                if (literal >= 60)
                {
                    var bytes = literal - 59;
                    literal = 0;
                    for (var i = 0; i < bytes; i++)
                    {
                        literal |= packed[at++] << (8 * i);
                    }
                }

                packed.Slice(at, checked(literal + 1)).CopyTo(output[written..]);
                at += literal + 1;
                written += literal + 1;
                continue;
            }

            int count, back;
            switch (tag & 3)
            {
                case 1:
                    count = 4 + ((tag >> 2) & 7);
                    back = ((tag >> 5) << 8) | packed[at++];
                    break;
                case 2:
                    count = 1 + (tag >> 2);
                    back = packed[at] | (packed[at + 1] << 8);
                    at += 2;
                    break;
                default:
                    count = 1 + (tag >> 2);
                    back = packed[at] | (packed[at + 1] << 8) | (packed[at + 2] << 16) | (packed[at + 3] << 24);
                    at += 4;
                    break;
            }

            BackReference.Copy(output, ref written, back, count);
        }

        if (written != output.Length)
        {
            throw ParquetException.Damaged("a page unpacks to less than it says");
        }
    }
}
