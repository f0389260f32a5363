namespace Sommelier.Parquet;

/// <summary>What stands before a page.</summary>
internal struct PageHead
{
    /// <summary>0 data, 2 dictionary, 3 data of the second version; others are passed over.</summary>
    public int Type;

    /// <summary>Bytes when unpacked.</summary>
    public int Unpacked;

    /// <summary>Bytes as they lie there.</summary>
    public int Packed;

    /// <summary>Values, nulls included.</summary>
    public int Values;

    /// <summary>How the values are written.</summary>
    public PageEncoding Encoding;

    /// <summary>How the levels are written.</summary>
    public PageEncoding Levels;

    /// <summary>Bytes of definition levels, in the second version.</summary>
    public int DefinitionBytes;

    /// <summary>Bytes of repetition levels, in the second version.</summary>
    public int RepetitionBytes;

    /// <summary>Whether the values are not packed, in the second version.</summary>
    public bool Plain;

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">The rest of the column.</param>
    /// <param name="length">How many bytes it has.</param>
    public static PageHead Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var head = new PageHead { Type = -1, Levels = PageEncoding.Rle };
        var reader = new ThriftReader(bytes);
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (id)
            {
                case 1:
                    head.Type = reader.Int32();
                    break;
                case 2:
                    head.Unpacked = reader.Int32();
                    break;
                case 3:
                    head.Packed = reader.Int32();
                    break;
                case 5 or 7 or 8:
                    ReadOf(ref reader, id, ref head);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        length = reader.Position;
        return head;
    }

    private static void ReadOf(ref ThriftReader reader, int version, ref PageHead head)
    {
        for (var id = 0; reader.Field(ref id, out var type);)
        {
            switch (version, id)
            {
                case (_, 1):
                    head.Values = reader.Int32();
                    break;
                case (5 or 7, 2) or (8, 4):
                    head.Encoding = (PageEncoding)reader.Int32();
                    break;
                case (5, 3 or 4):
                    head.Levels = reader.Int32() is var levels and not (int)PageEncoding.Rle ? (PageEncoding)levels : head.Levels;
                    break;
                case (8, 5):
                    head.DefinitionBytes = reader.Int32();
                    break;
                case (8, 6):
                    head.RepetitionBytes = reader.Int32();
                    break;
                case (8, 7):
                    head.Plain = type != ThriftReader.True;
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }
    }
}
