using System.Buffers.Binary;
using System.Numerics;

namespace Sommelier.Parquet;

/// <summary>Goes through the entries of a column of one group of rows: each a value, or the place where one is missing.</summary>
internal sealed class ColumnCursor
{
    // More values in one page are written by nobody.
    private const int MostValues = 1 << 24;

    private readonly ParquetNode leaf;
    private readonly ColumnChunk chunk;
    private readonly byte[] bytes;
    private List<ReadOnlyMemory<byte>>? dictionary;
    private RunLengths? definitions;
    private RunLengths? repetitions;
    private PageValues? values;
    private int at;
    private int left;
    private bool peeked;

    /// <param name="leaf">The column.</param>
    /// <param name="chunk">Where it lies.</param>
    /// <param name="bytes">Its bytes.</param>
    public ColumnCursor(ParquetNode leaf, ColumnChunk chunk, byte[] bytes) => (this.leaf, this.chunk, this.bytes) = (leaf, chunk, bytes);

    /// <summary>How much of the path to the value is there.</summary>
    public int Definition { get; private set; }

    /// <summary>Which list of the path goes on; 0 at the start of a row.</summary>
    public int Repetition { get; private set; }

    /// <summary>Looks at the next entry; false when there is none.</summary>
    public bool Peek()
    {
        if (peeked)
        {
            return true;
        }

        while (left == 0)
        {
            if (at >= bytes.Length)
            {
                return false;
            }

            Page();
        }

        left--;
        Repetition = repetitions?.Next() ?? 0;
        Definition = definitions?.Next() ?? leaf.Definition;
        return peeked = true;
    }

    /// <summary>Takes the entry that was looked at; its value is empty where it is missing.</summary>
    public ReadOnlySpan<byte> Take()
    {
        if (!Peek())
        {
            throw ParquetException.Damaged($"the column '{leaf.Name}' has fewer values than its rows");
        }

        peeked = false;
        return Definition == leaf.Definition ? values!.Next() : default;
    }

    private void Page()
    {
        var head = PageHead.Read(bytes.AsSpan(at), out var length);
        at += length;
        if (head.Packed < 0 || head.Packed > bytes.Length - at || head.Values is < 0 or > MostValues)
        {
            throw ParquetException.Damaged($"a page of the column '{leaf.Name}' is none");
        }

        var packed = bytes.AsSpan(at, head.Packed);
        at += head.Packed;
        switch (head.Type)
        {
            case 0:
                First(head, PageBytes.Unpack(chunk.Codec, packed, head.Unpacked));
                break;
            case 2:
                Dictionary(head, PageBytes.Unpack(chunk.Codec, packed, head.Unpacked));
                break;
            case 3:
                Second(head, packed);
                break;
        }
    }

    private void Dictionary(in PageHead head, byte[] page)
    {
        var plain = new PlainValues(leaf, page, 0);
        dictionary = [];
        for (var i = 0; i < head.Values; i++)
        {
            var (from, length) = plain.NextPlace();
            dictionary.Add(page.AsMemory(from, length));
        }
    }

    private void First(in PageHead head, byte[] page)
    {
        if (head.Levels != PageEncoding.Rle && leaf.Definition + leaf.Repeated > 0)
        {
            throw new ParquetException($"The column '{leaf.Name}' has levels of an old form. Write it with a newer program.");
        }

        var from = 0;
        repetitions = Levels(page, ref from, leaf.Repeated);
        definitions = Levels(page, ref from, leaf.Definition);
        Begin(head, page, from);
    }

    private void Second(in PageHead head, ReadOnlySpan<byte> packed)
    {
        var levels = (long)head.RepetitionBytes + head.DefinitionBytes;
        if (head.RepetitionBytes < 0 || head.DefinitionBytes < 0 || levels > packed.Length)
        {
            throw ParquetException.Damaged($"a page of the column '{leaf.Name}' is none");
        }

        var before = packed[..(int)levels].ToArray();
        repetitions = leaf.Repeated > 0 ? new(before, 0, head.RepetitionBytes, Width(leaf.Repeated)) : null;
        definitions = leaf.Definition > 0 ? new(before, head.RepetitionBytes, head.DefinitionBytes, Width(leaf.Definition)) : null;
        var rest = packed[(int)levels..];

        // A page of nulls alone has no values to unpack.
        Begin(head, rest.IsEmpty ? [] : PageBytes.Unpack(head.Plain ? Codec.Uncompressed : chunk.Codec, rest, head.Unpacked - (int)levels), 0);
    }

    private void Begin(in PageHead head, byte[] page, int from)
    {
        left = head.Values;
        values = from < page.Length ? PageValues.Of(head.Encoding, leaf, page, from, head.Values, dictionary) : new PlainValues(leaf, page, from);
    }

    private static RunLengths? Levels(byte[] page, ref int from, int most)
    {
        if (most == 0)
        {
            return null;
        }

        var length = page.Length - from >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(from)) : -1;
        var levels = new RunLengths(page, from + 4, length, Width(most));
        from += 4 + length;
        return levels;
    }

    private static int Width(int most) => BitOperations.Log2((uint)most) + 1;
}
