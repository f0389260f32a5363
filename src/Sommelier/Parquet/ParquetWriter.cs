using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sommelier.Parquet;

/// <summary>What a column of a written file holds.</summary>
internal enum ColumnKind
{
    /// <summary>Texts.</summary>
    Text,

    /// <summary>Integers, 64 bits.</summary>
    Integer,

    /// <summary>Fractions, 64 bits.</summary>
    Fraction,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>Moments, UTC, to the millisecond.</summary>
    Moment,

    /// <summary>Money in USD: decimals of nine places, exact, given in billionths.</summary>
    NanoUsd,
}

/// <summary>A column of a written file; its values may be null.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record ParquetColumn(string Name, ColumnKind Kind);

/// <summary>Writes flat Parquet files: plain encoding, packed with gzip, a page per column and group of rows.</summary>
internal sealed class ParquetWriter
{
    private const int RowsPerGroup = 20_000;
    private const int MostBytesPerGroup = 64 * 1024 * 1024;

    private readonly Stream output;
    private readonly IReadOnlyList<ParquetColumn> columns;
    private readonly PendingColumn[] pending;
    private readonly List<(int Rows, (long At, long Unpacked, long Packed)[] Columns)> groups = [];
    private long at;
    private int rows;

    /// <param name="output">Where to write; stays the giver's.</param>
    /// <param name="columns">The columns.</param>
    public ParquetWriter(Stream output, IReadOnlyList<ParquetColumn> columns)
    {
        (this.output, this.columns) = (output, columns);
        pending = [.. columns.Select(static column => new PendingColumn(column.Kind))];
        Put("PAR1"u8);
    }

    /// <summary>Writes a row: a string, long, double, bool or DateTimeOffset per column, as its kind says (nano-USD: a long), or null.</summary>
    public void Write(ReadOnlySpan<object?> row)
    {
        long bytes = 0;
        for (var i = 0; i < pending.Length; i++)
        {
            pending[i].Add(row[i]);
            bytes += pending[i].Bytes;
        }

        if (++rows >= RowsPerGroup || bytes >= MostBytesPerGroup)
        {
            EndGroup();
        }
    }

    /// <summary>Writes what waits and the footer. Nothing may be written after it.</summary>
    public void End()
    {
        EndGroup();
        var footer = new ThriftWriter().Begin().Int32(1, 1).List(2, 12, columns.Count + 1);
        footer.Begin().Text(4, "schema").Int32(5, columns.Count).End();
        foreach (var column in columns)
        {
            Describe(footer, column);
        }

        footer.Int64(3, groups.Sum(static group => (long)group.Rows)).List(4, 12, groups.Count);
        foreach (var group in groups)
        {
            footer.Begin().List(1, 12, columns.Count);
            for (var i = 0; i < columns.Count; i++)
            {
                var (start, unpacked, packed) = group.Columns[i];
                footer.Begin().Int64(2, start).Begin(3)
                    .Int32(1, (int)TypeOf(columns[i].Kind)).List(2, 5, 2).Element((int)PageEncoding.Plain).Element((int)PageEncoding.Rle).List(3, 8, 1).Element(columns[i].Name)
                    .Int32(4, (int)Codec.Gzip).Int64(5, group.Rows).Int64(6, unpacked).Int64(7, packed).Int64(9, start)
                    .End().End();
            }

            footer.Int64(2, group.Columns.Sum(static column => column.Unpacked)).Int64(3, group.Rows).End();
        }

        footer.Text(6, "Sommelier").End();
        Put(footer.Written);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Written.Length);
        Put(length);
        Put("PAR1"u8);
    }

    private void EndGroup()
    {
        if (rows == 0)
        {
            return;
        }

        var places = new (long, long, long)[pending.Length];
        for (var i = 0; i < pending.Length; i++)
        {
            var page = pending[i].TakePage();
            var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(page);
            }

            var head = new ThriftWriter().Begin().Int32(1, 0).Int32(2, page.Length).Int32(3, (int)packed.Length)
                .Begin(5).Int32(1, rows).Int32(2, (int)PageEncoding.Plain).Int32(3, (int)PageEncoding.Rle).Int32(4, (int)PageEncoding.Rle).End().End();
            places[i] = (at, head.Written.Length + page.Length, head.Written.Length + packed.Length);
            Put(head.Written);
            Put(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        }

        groups.Add((rows, places));
        rows = 0;
    }

    private static PhysicalType TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Text => PhysicalType.ByteArray,
        ColumnKind.Fraction => PhysicalType.Double,
        ColumnKind.Boolean => PhysicalType.Boolean,
        _ => PhysicalType.Int64,
    };

    // In the older words and the newer ones: each reader knows at least one.
    private static void Describe(ThriftWriter footer, ParquetColumn column)
    {
        footer.Begin().Int32(1, (int)TypeOf(column.Kind)).Int32(3, (int)Repetition.Optional).Text(4, column.Name);
        switch (column.Kind)
        {
            case ColumnKind.Text:
                footer.Int32(6, 0).Begin(10).Begin(1).End().End();
                break;
            case ColumnKind.Moment:
                footer.Int32(6, 9).Begin(10).Begin(8).Flag(1, true).Begin(2).Begin(1).End().End().End().End();
                break;
            case ColumnKind.NanoUsd:
                footer.Int32(6, 5).Int32(7, 9).Int32(8, 18).Begin(10).Begin(5).Int32(1, 9).Int32(2, 18).End().End();
                break;
        }

        footer.End();
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        at += bytes.Length;
    }

    /// <summary>The values of a column that wait for their page.</summary>
    private sealed class PendingColumn(ColumnKind kind)
    {
        private readonly List<bool> there = [];
        private readonly List<bool> flags = [];
        private readonly ArrayBufferWriter<byte> values = new();

        public long Bytes => values.WrittenCount;

        public void Add(object? value)
        {
            there.Add(value is not null);
            Span<byte> number = stackalloc byte[8];
            switch (kind, value)
            {
                case (_, null):
                    return;
                case (ColumnKind.Boolean, bool flag):
                    flags.Add(flag);
                    return;
                case (ColumnKind.Text, string text):
                    var bytes = Encoding.UTF8.GetBytes(text);
                    BinaryPrimitives.WriteInt32LittleEndian(number, bytes.Length);
                    values.Write(number[..4]);
                    values.Write(bytes);
                    return;
                case (ColumnKind.Fraction, double fraction):
                    BinaryPrimitives.WriteDoubleLittleEndian(number, fraction);
                    break;
                case (ColumnKind.Moment, DateTimeOffset moment):
                    BinaryPrimitives.WriteInt64LittleEndian(number, moment.ToUnixTimeMilliseconds());
                    break;
                case (ColumnKind.Integer or ColumnKind.NanoUsd, long integer):
                    BinaryPrimitives.WriteInt64LittleEndian(number, integer);
                    break;
                default:
                    throw new ArgumentException($"A column of {kind} takes no {value.GetType().Name}.", nameof(value));
            }

            values.Write(number);
        }

        /// <summary>Levels and values as they lie in a page, unpacked.</summary>
        public byte[] TakePage()
        {
            var levels = Bits(there);
            var head = new List<byte>();
            for (var run = ((uint)levels.Length << 1) | 1; ; run >>= 7)
            {
                head.Add((byte)(run < 0x80 ? run : run | 0x80));
                if (run < 0x80)
                {
                    break;
                }
            }

            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, head.Count + levels.Length);
            byte[] page = [.. length, .. head, .. levels, .. kind == ColumnKind.Boolean ? Bits(flags) : values.WrittenSpan];
            there.Clear();
            flags.Clear();
            values.ResetWrittenCount();
            return page;
        }

        private static byte[] Bits(List<bool> flags)
        {
            var bits = new byte[(flags.Count + 7) / 8];
            for (var i = 0; i < flags.Count; i++)
            {
                bits[i / 8] |= (byte)(flags[i] ? 1 << (i % 8) : 0);
            }

            return bits;
        }
    }
}
