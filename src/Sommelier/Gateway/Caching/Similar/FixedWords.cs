using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sommelier.Gateway.Caching.Similar;

/// <summary>The words of a turn for which no other word will do, however near the vectors are: "5 miles" and "6 miles", "Marie Curie" and "Pierre Curie".</summary>
/// <remarks>
/// Vectors of texts that differ in a number, a name or a "not" are as near to each other as those of texts that say the same in other words.
/// What counts: what is in quotes; words that hold anything but letters (numbers, code, addresses, paths, signs); words with a capital letter, but
/// for those that sentences usually begin with; and numbers and negations of the languages that <see cref="FixedWordLists"/> knows. A word that is
/// none of these may differ. Where it is not sure a word counts: a new answer is better than a wrong one.
/// </remarks>
internal static class FixedWords
{
    // Between words; scripts without spaces have only the signs.
    private static readonly SearchValues<char> Breaks = SearchValues.Create(" \t\r\n\u00a0\u3000–—…、。，！？；：（）【】");

    private static readonly SearchValues<char> BreaksAndQuotes = SearchValues.Create(" \t\r\n\u00a0\u3000–—…、。，！？；：（）【】\"`“„«「『《");

    // A point or a minus before a word is part of it: .5, .NET, -rf.
    private const string Before = "([¿¡'»”";

    private const string Behind = ".,!?;:)]'»”";

    /// <summary>Those words of a text, in order and in one string: two texts whose strings are equal have the same.</summary>
    public static string Of(string text)
    {
        var words = new StringBuilder();
        var rest = text.Replace('’', '\'').Replace('‘', '\'').AsSpan();
        var begins = true;
        while (!rest.IsEmpty)
        {
            if (Quoted(rest) is { } closes)
            {
                words.Append(rest[1..closes]).Append(' ');
                rest = rest[Math.Min(closes + 1, rest.Length)..];
                begins = false;
            }
            else if (Breaks.Contains(rest[0]))
            {
                begins |= rest[0] == '\n';
                rest = rest[1..];
            }
            else
            {
                var token = rest[..Length(rest)];
                Add(token, begins, words);
                begins = token[^1] is '.' or '!' or '?';
                rest = rest[token.Length..];
            }
        }

        return words.ToString();
    }

    // Of the word that stands here. An apostrophe within it opens no quote: don't, l'eau.
    private static int Length(ReadOnlySpan<char> rest)
    {
        var at = 1;
        while (at < rest.Length && !BreaksAndQuotes.Contains(rest[at]) && !(rest[at] == '\'' && !char.IsLetterOrDigit(rest[at - 1])))
        {
            at++;
        }

        return at;
    }

    // Where the quote closes that opens here, or the text ends without it; null where none opens. No apostrophe closes one within a word.
    private static int? Quoted(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '\'')
        {
            for (var at = 1; at < rest.Length; at++)
            {
                if (rest[at] == '\'' && (at + 1 == rest.Length || !char.IsLetterOrDigit(rest[at + 1])))
                {
                    return at;
                }
            }

            return null;
        }

        var closing = rest[0] switch { '"' => "\"", '`' => "`", '“' => "”", '„' => "“”\"", '«' => "»", '「' => "」", '『' => "』", '《' => "》", _ => null };
        return closing is null ? null : rest[1..].IndexOfAny(closing) is var found and >= 0 ? found + 1 : rest.Length;
    }

    private static void Add(ReadOnlySpan<char> token, bool begins, StringBuilder words)
    {
        var word = token.TrimStart(Before).TrimEnd(Behind);
        if (word.IsEmpty)
        {
            return;
        }

        if (!IsPlain(word) || IsName(word, begins) || FixedWordLists.NumbersAndNegations.Contains(word))
        {
            words.Append(word).Append(' ');
        }
        else
        {
            AddParts(word, words);
        }
    }

    // Letters with what belongs to them, apostrophes, and hyphens between them.
    private static bool IsPlain(ReadOnlySpan<char> word)
    {
        for (var at = 0; at < word.Length; at++)
        {
            var plain = char.IsLetter(word[at])
                || (word[at] is '-' or '\u2010' or '\u2011' ? at > 0 && at < word.Length - 1 : word[at] == '\'')
                || char.GetUnicodeCategory(word[at]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format;
            if (!plain)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsName(ReadOnlySpan<char> word, bool begins)
    {
        for (var at = 1; at < word.Length; at++)
        {
            if (char.IsUpper(word[at]))
            {
                return true;
            }
        }

        // What's, I'd; l'eau, d'un, qu'on.
        var head = word.IndexOf('\'') is var apostrophe and > 0 ? word[..apostrophe] : word;
        return char.IsUpper(word[0]) && head is not "I" && !(begins && ((head.Length < word.Length && head.Length <= 2) || FixedWordLists.Openers.Contains(head)));
    }

    // Of a word that may differ as a whole.
    private static void AddParts(ReadOnlySpan<char> word, StringBuilder words)
    {
        if (word.StartsWith("n'") || word.StartsWith('안'))
        {
            words.Append(word[..1]).Append(' ');
        }

        for (var at = 0; at < word.Length; at++)
        {
            if (FixedWordLists.Numerals.Contains(word[at]))
            {
                words.Append(word[at]).Append(' ');
            }

            foreach (var part in FixedWordLists.NegatingParts)
            {
                if (word[at..].StartsWith(part))
                {
                    words.Append(part).Append(' ');
                }
            }
        }
    }
}
