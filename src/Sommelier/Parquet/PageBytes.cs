using System.IO.Compression;

namespace Sommelier.Parquet;

/// <summary>Unpacks the bytes of a page.</summary>
internal static class PageBytes
{
    // Larger pages are written by nobody; a damaged head must not ask for all memory.
    private const int Most = 1 << 30;

    /// <summary>The unpacked bytes.</summary>
    public static byte[] Unpack(Codec codec, ReadOnlySpan<byte> packed, int length)
    {
        if (length is < 0 or > Most)
        {
            throw ParquetException.Damaged("a page is too large");
        }

        try
        {
            switch (codec)
            {
                case Codec.Uncompressed:
                    return packed.ToArray();
                case Codec.Snappy:
                    var snappy = Room(packed, length, 64);
                    Snappy.Unpack(packed, snappy);
                    return snappy;
                case Codec.Lz4Raw:
                    var lz4 = Room(packed, length, 256);
                    Lz4.Unpack(packed, lz4);
                    return lz4;
                case Codec.Brotli:
                    var brotli = new byte[length];
                    return BrotliDecoder.TryDecompress(packed, brotli, out var written) && written == length ? brotli : throw ParquetException.Damaged("a page does not unpack");
                case Codec.Gzip:
                    return Gunzip(packed, length);
                default:
                    throw new ParquetException($"Its pages are packed with {Name(codec)}, which is not read. Write it with snappy or gzip.");
            }
        }
        catch (Exception broken) when (broken is IndexOutOfRangeException or ArgumentException or OverflowException or InvalidDataException or EndOfStreamException)
        {
            throw ParquetException.Damaged("a page does not unpack");
        }
    }

    // What no packed bytes of this length can hold is not made room for.
    private static byte[] Room(ReadOnlySpan<byte> packed, int length, int most) =>
        length <= (packed.Length + 1L) * most ? new byte[length] : throw ParquetException.Damaged("a page unpacks to another length than it says");

    private static byte[] Gunzip(ReadOnlySpan<byte> packed, int length)
    {
        using var gzip = new GZipStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        var bytes = Room(packed, length, 1_100);
        gzip.ReadExactly(bytes);
        return bytes;
    }

    private static string Name(Codec codec) => codec switch
    {
        Codec.Zstd => "zstd",
        Codec.Lzo => "lzo",
        Codec.Lz4 => "Hadoop's lz4",
        _ => "a way that nobody knows",
    };
}
