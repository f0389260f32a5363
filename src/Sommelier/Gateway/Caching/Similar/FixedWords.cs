using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Sommelier.Gateway.Caching.Similar;

/// <summary>The words of a turn for which no other word will do, however near the vectors are: "5 miles" and "6 miles", "Marie Curie" and "Pierre Curie".</summary>
/// <remarks>
/// Vectors of texts that differ in a number, a name or a "not" are as near to each other as those of texts that say the same in other words.
/// What counts: words with a digit or a sign of code, an address or a path; words in quotes; words with a capital letter that does not
/// begin a sentence; numerals of Chinese; and negations of the languages that are listed here. A word that is none of these may differ.
/// </remarks>
internal static class FixedWords
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("@/\\_=<>#$%{}[]|~^*+&€£¥₩₹");

    private const string Quotes = "\"'`“”„‘’«»「」『』";

    private const string Numerals = "零〇一二三四五六七八九十百千万億亿兆";

    private static readonly FrozenSet<string> Negations = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "not", "no", "never", "without", "cannot", "none", "nor", "except", "nicht", "kein", "keine", "keinen", "nie", "ohne", "ne", "pas", "jamais", "sans", "aucun", "aucune", "non",
        "mai", "senza", "nunca", "sin", "ningún", "ninguna", "não", "nem", "sem", "не", "нет", "без", "никогда", "niet", "geen", "nooit", "zonder", "nie", "bez", "değil", "لا", "ليس", "بدون", "नहीं", "不", "没", "沒", "無");

    // Scripts without spaces, and endings.
    private static readonly string[] NegatingParts = ["n't", "n’t", "不", "没", "沒", "無", "未", "ない", "ません", "ず", "않", "못", "없", "아니", "말고"];

    /// <summary>Those words of a text, in order and in one string: two texts whose strings are equal have the same.</summary>
    public static string Of(string text)
    {
        var words = new StringBuilder();
        bool begins = true, quoted = false;
        foreach (var range in text.AsSpan().SplitAny(" \t\r\n\u3000"))
        {
            var token = text.AsSpan(range);
            if (token.IsEmpty)
            {
                continue;
            }

            var word = token.Trim(".,!?;:()…。、！？；：（）" + Quotes);
            var opens = Quotes.Contains(token[0], StringComparison.Ordinal);
            if (word.Length > 0 && (quoted || opens || IsFixed(word, begins)))
            {
                words.Append(word).Append(' ');
            }
            else
            {
                AddParts(word, words);
            }

            quoted = (quoted || opens) && !(token.TrimEnd(".,!?;:)") is [.., _, var last] && Quotes.Contains(last, StringComparison.Ordinal));
            begins = token[^1] is '.' or '!' or '?' or ':';
        }

        return words.ToString();
    }

    private static bool IsFixed(ReadOnlySpan<char> word, bool begins)
    {
        if (Negations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word) || word.ContainsAny(Signs))
        {
            return true;
        }

        for (var i = 0; i < word.Length; i++)
        {
            if (char.IsDigit(word[i]) || (char.IsUpper(word[i]) && (i > 0 || (!begins && word.Length > 1))))
            {
                return true;
            }
        }

        return false;
    }

    // Of a word that may differ as a whole.
    private static void AddParts(ReadOnlySpan<char> word, StringBuilder words)
    {
        foreach (var letter in word)
        {
            if (Numerals.Contains(letter, StringComparison.Ordinal))
            {
                words.Append(letter);
            }
        }

        foreach (var part in NegatingParts)
        {
            if (word.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                words.Append(part).Append(' ');
            }
        }
    }
}
