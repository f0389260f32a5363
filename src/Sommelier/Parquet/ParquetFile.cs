using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Sommelier.Parquet;

/// <summary>Reads Parquet files, row by row, as JSON objects.</summary>
/// <remarks>
/// Every type, nested ones too; pages of both versions, all encodings but the deprecated bit-packed one; packed with snappy, gzip, brotli, LZ4 or not at
/// all. zstd is refused with the remedy: there is none in .NET 10. Memory: the bytes of one group of rows.
/// </remarks>
internal static class ParquetFile
{
    private const int MostFooter = 256 * 1024 * 1024;

    /// <summary>The rows of a file, each a JSON object; valid until the next one.</summary>
    /// <param name="file">It must be able to seek.</param>
    /// <exception cref="ParquetException">It is no Parquet, damaged, or not read here; said when the rows are gone through.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> ReadRows(Stream file)
    {
        var footer = ReadFooter(file);
        var output = new ArrayBufferWriter<byte>();
        foreach (var group in footer.Groups)
        {
            var columns = new ColumnCursor[footer.Leaves.Count];
            for (var at = 0; at < columns.Length; at++)
            {
                columns[at] = new(footer.Leaves[at], group.Columns[at], Read(file, group.Columns[at].Start, group.Columns[at].Length));
            }

            var rows = new ParquetRows(footer.Root, columns);
            for (var row = 0L; row < group.Rows && rows.Any; row++)
            {
                output.ResetWrittenCount();
                using (var json = new Utf8JsonWriter(output, new() { SkipValidation = true, MaxDepth = 128 }))
                {
                    rows.Write(json);
                }

                yield return output.WrittenMemory;
            }
        }
    }

    private static ParquetFooter ReadFooter(Stream file)
    {
        if (file.Length < 12)
        {
            throw new ParquetException("It is no Parquet file: it is too short.");
        }

        var tail = Read(file, file.Length - 8, 8);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8))
        {
            throw new ParquetException(tail.AsSpan(4).SequenceEqual("PARE"u8) ? "It is encrypted. Write it without encryption." : "It is no Parquet file: it does not end with PAR1.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        return length > 0 && length <= Math.Min(MostFooter, file.Length - 12)
            ? ParquetFooter.Read(Read(file, file.Length - 8 - length, length))
            : throw ParquetException.Damaged("its description lies outside of it");
    }

    private static byte[] Read(Stream file, long start, long length)
    {
        if (start < 0 || length < 0 || length > file.Length - start || length > Array.MaxLength)
        {
            throw ParquetException.Damaged("a column lies outside of it");
        }

        var bytes = new byte[length];
        file.Position = start;
        file.ReadExactly(bytes);
        return bytes;
    }
}
