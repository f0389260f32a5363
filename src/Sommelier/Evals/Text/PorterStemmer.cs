namespace Sommelier.Evals.Text;

/// <summary>The stem of an English word: <c>running</c> and <c>runs</c> are <c>run</c>.</summary>
/// <remarks>M. F. Porter, "An algorithm for suffix stripping", Program 14 (3), 1980, without later changes.</remarks>
internal static class PorterStemmer
{
    private static readonly (string Suffix, string By)[] Second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"),
        ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ];

    private static readonly (string Suffix, string By)[] Third = [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly (string Suffix, string By)[] Fourth =
    [
        ("al", ""), ("ance", ""), ("ence", ""), ("er", ""), ("ic", ""), ("able", ""), ("ible", ""), ("ant", ""), ("ement", ""), ("ment", ""), ("ent", ""), ("sion", "s"), ("tion", "t"),
        ("ou", ""), ("ism", ""), ("ate", ""), ("iti", ""), ("ous", ""), ("ive", ""), ("ize", ""),
    ];

    // No English word is longer.
    private const int Longest = 60;

    /// <summary>The stem of a word in small letters; words of one or two letters are their own.</summary>
    public static string Stem(string word)
    {
        if (word.Length is < 3 or > Longest)
        {
            return word;
        }

        word = Past(Plural(word));
        word = word.EndsWith('y') && HasVowel(word.AsSpan(0, word.Length - 1)) ? $"{word.AsSpan(0, word.Length - 1)}i" : word;
        word = Replaced(Replaced(word, Second, 0), Third, 0);
        word = Replaced(word, Fourth, 1);
        return Last(word);
    }

    private static string Plural(string word) =>
        word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("ies", StringComparison.Ordinal) ? word[..^2]
        : word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;

    private static string Past(string word)
    {
        if (word.EndsWith("eed", StringComparison.Ordinal))
        {
            return Measure(word.AsSpan(0, word.Length - 3)) > 0 ? word[..^1] : word;
        }

        var suffix = word.EndsWith("ed", StringComparison.Ordinal) ? 2 : word.EndsWith("ing", StringComparison.Ordinal) ? 3 : 0;
        if (suffix == 0 || !HasVowel(word.AsSpan(0, word.Length - suffix)))
        {
            return word;
        }

        word = word[..^suffix];
        return word.EndsWith("at", StringComparison.Ordinal) || word.EndsWith("bl", StringComparison.Ordinal) || word.EndsWith("iz", StringComparison.Ordinal) ? word + "e"
            : IsDouble(word) && word[^1] is not ('l' or 's' or 'z') ? word[..^1]
            : Measure(word) == 1 && IsShort(word) ? word + "e" : word;
    }

    // The longest suffix that fits is the only one that is looked at.
    private static string Replaced(string word, (string Suffix, string By)[] rules, int above)
    {
        var (suffix, by) = rules.Where(rule => word.EndsWith(rule.Suffix, StringComparison.Ordinal)).DefaultIfEmpty(("", "")).MaxBy(static rule => rule.Item1.Length);
        if (suffix.Length == 0)
        {
            return word;
        }

        // Of "sion" and "tion" the first letter belongs to the stem.
        var stem = $"{word.AsSpan(0, word.Length - suffix.Length)}{(above > 0 ? by : "")}";
        return Measure(stem) <= above ? word : above > 0 ? stem : stem + by;
    }

    private static string Last(string word)
    {
        if (word.EndsWith('e') && word[..^1] is var stem && (Measure(stem) > 1 || (Measure(stem) == 1 && !IsShort(stem))))
        {
            word = stem;
        }

        return word.EndsWith("ll", StringComparison.Ordinal) && Measure(word) > 1 ? word[..^1] : word;
    }

    private static bool IsVowel(ReadOnlySpan<char> word, int at)
    {
        // A y after a consonant is one: of several in a row every other one.
        var ys = 0;
        for (var i = at; i >= 0 && word[i] == 'y'; i--)
        {
            ys++;
        }

        return ys == 0
            ? word[at] is 'a' or 'e' or 'i' or 'o' or 'u'
            : (ys % 2 == 1) == (at - ys >= 0 && word[at - ys] is not ('a' or 'e' or 'i' or 'o' or 'u'));
    }

    private static bool HasVowel(ReadOnlySpan<char> word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (IsVowel(word, i))
            {
                return true;
            }
        }

        return false;
    }

    // How often a run of vowels is followed by consonants.
    private static int Measure(ReadOnlySpan<char> word)
    {
        var (count, vowel) = (0, false);
        for (var i = 0; i < word.Length; i++)
        {
            var now = IsVowel(word, i);
            count += vowel && !now ? 1 : 0;
            vowel = now;
        }

        return count;
    }

    private static bool IsDouble(string word) => word.Length > 1 && word[^1] == word[^2] && !IsVowel(word, word.Length - 1);

    // Consonant, vowel, consonant, the last of them not w, x or y.
    private static bool IsShort(string word) =>
        word.Length > 2 && !IsVowel(word, word.Length - 3) && IsVowel(word, word.Length - 2) && !IsVowel(word, word.Length - 1) && word[^1] is not ('w' or 'x' or 'y');
}
