namespace Sommelier.Parquet;

/// <summary>Where a column's pages of one group of rows lie.</summary>
/// <param name="Codec">How they are packed.</param>
/// <param name="Start">The first byte, that of the dictionary where there is one.</param>
/// <param name="Length">How many bytes there are.</param>
/// <param name="Values">How many values, nulls included.</param>
internal sealed record ColumnChunk(Codec Codec, long Start, long Length, long Values);

/// <summary>A group of rows.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Columns">Where each column lies.</param>
internal sealed record RowGroup(long Rows, IReadOnlyList<ColumnChunk> Columns);

/// <summary>What a file says of itself at its end.</summary>
/// <param name="Root">A row.</param>
/// <param name="Leaves">Its columns.</param>
/// <param name="Groups">The rows.</param>
internal sealed record ParquetFooter(ParquetNode Root, IReadOnlyList<ParquetNode> Leaves, IReadOnlyList<RowGroup> Groups)
{
    /// <summary>Reads the footer's bytes.</summary>
    public static ParquetFooter Read(ReadOnlySpan<byte> bytes)
    {
        ParquetNode? root = null;
        List<ParquetNode> leaves = [];
        List<RowGroup> groups = [];
        var reader = new ThriftReader(bytes);
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 2:
                    root = ParquetSchema.Read(ref reader, out leaves);
                    break;
                case 4:
                    for (var left = reader.List(out _); left > 0; left--)
                    {
                        groups.Add(Group(ref reader));
                    }

                    break;
                case 8:
                    throw new ParquetException("It is encrypted. Write it without encryption.");
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return root is not null && groups.TrueForAll(group => group.Columns.Count == leaves.Count)
            ? new(root, leaves, groups)
            : throw ParquetException.Damaged("its groups of rows and its schema do not fit");
    }

    private static RowGroup Group(ref ThriftReader reader)
    {
        List<ColumnChunk> columns = [];
        long rows = 0;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    for (var left = reader.List(out _); left > 0; left--)
                    {
                        columns.Add(Chunk(ref reader));
                    }

                    break;
                case 3:
                    rows = reader.Integer();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new(rows, columns);
    }

    private static ColumnChunk Chunk(ref ThriftReader reader)
    {
        ColumnChunk? chunk = null;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    throw new ParquetException("Its columns lie in other files. Write it as one file.");
                case 3:
                    chunk = Metadata(ref reader);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return chunk ?? throw ParquetException.Damaged("a column is not described");
    }

    private static ColumnChunk Metadata(ref ThriftReader reader)
    {
        var codec = Codec.Uncompressed;
        long values = 0, length = 0, data = 0, dictionary = 0;
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 4:
                    codec = (Codec)reader.Int32();
                    break;
                case 5:
                    values = reader.Integer();
                    break;
                case 7:
                    length = reader.Integer();
                    break;
                case 9:
                    data = reader.Integer();
                    break;
                case 11:
                    dictionary = reader.Integer();
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new(codec, dictionary > 0 && dictionary < data ? dictionary : data, length, values);
    }
}
