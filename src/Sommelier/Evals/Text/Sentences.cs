using System.Buffers;

namespace Sommelier.Evals.Text;

/// <summary>Counts sentences as NLTK's English Punkt model does (Kiss and Strunk, 2006), with a list of abbreviations instead of its trained tables.</summary>
/// <remarks>
/// Like there, a line's end ends no sentence, a dot after a list's number does, and a curly quotation mark after the dot hides it. Where
/// Punkt decides by what it saw in its corpus (abbreviations, words after an initial), this may count one more or fewer.
/// </remarks>
internal static class Sentences
{
    // What may follow the mark directly, and what goes with the sentence before.
    private static readonly SearchValues<char> Following = SearchValues.Create(")\";}]*:@'({[!?");

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.,-");
    private static readonly SearchValues<char> White = SearchValues.Create(" \t\r\n\f\v\u00A0\u2002\u2003\u2009\u202F\u3000\u0085\u2028\u2029");

    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "a.m", "adm", "apr", "assn", "aug", "ave", "bros", "calif", "capt", "cmdr", "co", "col", "conn", "corp", "cos", "ct", "dec", "dept", "dr", "e.g", "etc",
        "feb", "fla", "ft", "ga", "gen", "gov", "hon", "i.e", "ill", "inc", "j.r", "jan", "jr", "kan", "ky", "lt", "ltd", "maj", "mass", "md", "messrs", "mg", "mich", "minn",
        "mr", "mrs", "ms", "mt", "nov", "oct", "okla", "ore", "p.m", "pa", "ph.d", "phd", "prof", "rep", "reps", "rev", "sen", "sens", "sep", "sept", "sgt", "sr", "st", "tenn",
        "tex", "u.k", "u.n", "u.s", "u.s.a", "va", "vs", "vt", "wash", "wis", "w.va", "d.c", "n.y", "n.j", "n.c", "s.c", "n.h", "r.i", "s.g", "d.h", "c.v", "b.a", "m.a", "b.s", "m.s",
    };

    /// <summary>How many sentences there are; at least 1 in any text.</summary>
    public static int Count(string text)
    {
        var count = 1;
        var at = 0;
        var end = text.AsSpan().TrimEnd().Length;
        while (at < end)
        {
            var start = at + text.AsSpan(at, end - at).IndexOfAnyExcept(White);
            var length = text.AsSpan(start, end - start).IndexOfAny(White);
            at = length < 0 ? end : start + length;
            if (Breaks(text.AsSpan(start, at - start), Next(text, at, end), out var rest) && !OnlyClosers(text, at - rest, end))
            {
                count++;
            }
        }

        return count;
    }

    private static ReadOnlySpan<char> Next(string text, int at, int end)
    {
        var rest = text.AsSpan(at, end - at).TrimStart();
        var length = rest.IndexOfAny(White);
        return length < 0 ? rest : rest[..length];
    }

    // Whether a run of signs without white space ends a sentence; rest is how much of it stands behind the mark.
    private static bool Breaks(ReadOnlySpan<char> word, ReadOnlySpan<char> next, out int rest)
    {
        rest = 0;
        for (var i = word.Length - 1; i >= 0; i--)
        {
            if (word[i] is '.' or '?' or '!' && (i + 1 < word.Length ? Following.Contains(word[i + 1]) : !next.IsEmpty))
            {
                rest = word.Length - i - 1;
                return word[i] != '.' || Dot(word[..(i + 1)], rest == 0 ? next : default);
            }
        }

        return false;
    }

    private static bool Dot(ReadOnlySpan<char> word, ReadOnlySpan<char> next)
    {
        if (word.EndsWith("..", StringComparison.Ordinal))
        {
            // After an ellipsis only a word that is usually small and is not here begins a sentence.
            return false;
        }

        var bare = word[..^1].TrimStart("\"'([{*_");
        var hyphen = bare.LastIndexOf('-');
        if (Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(bare) || (hyphen >= 0 && Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(bare[(hyphen + 1)..])))
        {
            return false;
        }

        var isInitial = bare.Length == 1 && char.IsAsciiLetter(bare[0]);
        if (next.IsEmpty || (!isInitial && !IsNumber(bare)))
        {
            return true;
        }

        // "1. the" and "J. Smith" go on; "1. The" and "plan B. The" do not.
        return !char.IsLower(next[0]) && (!isInitial || !char.IsUpper(next[0]) || Languages.IsCommonEnglish(next.TrimEnd(".,;:!?'\")")));
    }

    private static bool IsNumber(ReadOnlySpan<char> word) => word.Length > 0 && char.IsAsciiDigit(word[0]) && word.IndexOfAnyExcept(Digits) < 0;

    private static bool OnlyClosers(string text, int at, int end) => text.AsSpan(at, end - at).TrimStart("\"')]}").Trim().IsEmpty;
}
