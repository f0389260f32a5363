namespace Sommelier.Parquet;

/// <summary>Repeats what was unpacked before; source and target may overlap.</summary>
internal static class BackReference
{
    public static void Copy(Span<byte> output, ref int written, int back, int count)
    {
        if (back <= 0 || back > written || count > output.Length - written)
        {
            throw ParquetException.Damaged("a page refers to bytes that it does not have");
        }

        if (back >= count)
        {
            output.Slice(written - back, count).CopyTo(output[written..]);
            written += count;
            return;
        }

        for (var i = 0; i < count; i++, written++)
        {
            output[written] = output[written - back];
        }
    }
}
