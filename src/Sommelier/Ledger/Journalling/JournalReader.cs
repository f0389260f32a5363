namespace Sommelier.Ledger.Journalling;

/// <summary>Walks over the records of a segment, past torn and damaged ones.</summary>
internal ref struct JournalReader(ReadOnlySpan<byte> segment)
{
    private readonly ReadOnlySpan<byte> segment = segment;
    private int position;

    /// <summary>The current record's kind.</summary>
    public JournalRecordKind Kind { get; private set; }

    /// <summary>The current record's fields.</summary>
    public ReadOnlySpan<byte> Fields { get; private set; }

    /// <summary>Bytes so far that are not part of a whole record: a torn end, or damage.</summary>
    public int SkippedBytes { get; private set; }

    /// <summary>Moves to the next whole record; false at the end.</summary>
    public bool Next()
    {
        while (position < segment.Length)
        {
            if (JournalFrame.TryRead(segment[position..], out var payload))
            {
                position += JournalFrame.HeaderLength + payload.Length;
                Kind = (JournalRecordKind)payload[0];
                Fields = payload[1..];
                return true;
            }

            // What was made ready and never written; a record begins with its mark.
            if (segment[position] == 0 && segment[position..].IndexOfAnyExcept((byte)0) is var zeros)
            {
                if (zeros < 0)
                {
                    return false;
                }

                position += zeros;
                SkippedBytes += zeros;
                continue;
            }

            position++;
            SkippedBytes++;
        }

        return false;
    }
}
