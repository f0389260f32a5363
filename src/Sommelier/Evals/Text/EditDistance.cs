namespace Sommelier.Evals.Text;

/// <summary>
/// Levenshtein's distance over UTF-16 units: Myers' bit-parallel algorithm (J. ACM 46, 1999) in Hyyrö's form for long texts, 64 rows
/// at a time.
/// </summary>
internal static class EditDistance
{
    /// <summary>What a grader says where <see cref="Of"/> gives up.</summary>
    public const string TooLong = "answer and text are too long to be compared";

    // Cells of the table; about a second.
    private const long MostWork = 1L << 34;

    [ThreadStatic]
    private static ulong[]? rows;

    /// <summary>The fewest insertions, deletions and replacements; null when both texts are so long (131,072 units each) that it would take seconds.</summary>
    public static int? Of(string left, string right)
    {
        var (pattern, text) = left.Length <= right.Length ? (left, right) : (right, left);
        if (pattern.Length == 0)
        {
            return text.Length;
        }

        return (long)pattern.Length * text.Length > MostWork ? null : Blocks(pattern, text);
    }

    private static int Blocks(string pattern, string text)
    {
        var equal = rows ??= new ulong[char.MaxValue + 1];
        var up = new ulong[(text.Length + 63) / 64];
        var down = new ulong[up.Length];
        Array.Fill(up, ulong.MaxValue);
        var distance = pattern.Length;
        for (var start = 0; start < pattern.Length; start += 64)
        {
            var block = pattern.AsSpan(start, Math.Min(64, pattern.Length - start));
            for (var i = 0; i < block.Length; i++)
            {
                equal[block[i]] |= 1UL << i;
            }

            distance += Block(equal, text, up, down, start + 64 >= pattern.Length ? block.Length - 1 : -1);
            foreach (var letter in block)
            {
                equal[letter] = 0;
            }
        }

        return distance;
    }

    // One block of rows over all columns. The bits in up and down are what the row above added or took at each column. Gives the
    // change along the last row, when it is in this block.
    private static int Block(ulong[] equal, string text, ulong[] up, ulong[] down, int last)
    {
        var change = 0;
        var (more, less) = (ulong.MaxValue, 0UL);
        for (var column = 0; column < text.Length; column++)
        {
            ref var above = ref up[column >> 6];
            ref var below = ref down[column >> 6];
            var bit = column & 63;
            var (comesUp, comesDown) = ((above >> bit) & 1, (below >> bit) & 1);
            var match = equal[text[column]];
            var vertical = match | less;
            var start = match | comesDown;
            var horizontal = (((start & more) + more) ^ more) | start;
            var (rises, falls) = (less | ~(horizontal | more), more & horizontal);
            if (last >= 0)
            {
                change += (int)((rises >> last) & 1) - (int)((falls >> last) & 1);
            }

            above = (above & ~(1UL << bit)) | ((rises >> 63) << bit);
            below = (below & ~(1UL << bit)) | ((falls >> 63) << bit);
            (rises, falls) = ((rises << 1) | comesUp, (falls << 1) | comesDown);
            (more, less) = (falls | ~(vertical | rises), rises & vertical);
        }

        return change;
    }
}
