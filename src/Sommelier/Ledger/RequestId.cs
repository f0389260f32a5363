namespace Sommelier.Ledger;

/// <summary>
/// The text of a request's id: a ULID. 26 characters of Crockford's base 32, the first ten are the UTC millisecond and
/// the rest is random, so ids sort by time as text.
/// </summary>
internal static class RequestId
{
    /// <summary>Characters of an id.</summary>
    public const int Length = 26;

    /// <summary>Larger than any id, in whatever way a database sorts texts: some put punctuation before digits.</summary>
    public const string Beyond = "8";

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int TimeLength = 10;

    /// <summary>The least id of a moment: ids of requests before it are smaller, of those since are not.</summary>
    public static string Floor(DateTimeOffset at) => Format(Math.Max(0, at.ToUnixTimeMilliseconds()), 0, 0);

    /// <summary>Whether a text has the form of an id. Callers' input is checked by this before it reaches the store.</summary>
    public static bool IsValid(ReadOnlySpan<char> text)
    {
        // 26 x 5 bits are 130; the first character holds only three of them.
        if (text.Length != Length || text[0] > '7')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!Alphabet.Contains(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>When an id was made.</summary>
    /// <exception cref="FormatException">The text is not an id.</exception>
    public static DateTimeOffset TimeOf(ReadOnlySpan<char> id)
    {
        if (!IsValid(id))
        {
            throw new FormatException("Not a request id: it has 26 characters of Crockford's base 32, e.g. 01J9ZQ4W8T0000000000000000.");
        }

        var milliseconds = 0L;
        foreach (var c in id[..TimeLength])
        {
            milliseconds = (milliseconds << 5) | (long)Alphabet.IndexOf(c, StringComparison.Ordinal);
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }

    /// <summary>An id from 48 bits of time and 80 random ones: 16 high, 64 low.</summary>
    public static string Format(long milliseconds, ushort high, ulong low) =>
        string.Create(Length, (milliseconds, high, low), static (span, parts) =>
        {
            var (time, high, low) = parts;
            for (var i = TimeLength - 1; i >= 0; i--)
            {
                span[i] = Alphabet[(int)(time & 31)];
                time >>= 5;
            }

            var bits = new UInt128(high, low);
            for (var i = Length - 1; i >= TimeLength; i--)
            {
                span[i] = Alphabet[(int)((ulong)bits & 31)];
                bits >>= 5;
            }
        });
}
