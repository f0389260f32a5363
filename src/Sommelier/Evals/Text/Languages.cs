namespace Sommelier.Evals.Text;

/// <summary>
/// Which language a text is written in, as an ISO 639-1 code: by its script, and within a script that several languages share by
/// their most frequent words and the letters that only one has.
/// </summary>
/// <remarks>Knows 38 languages, those of IFEval among them. A sentence or more is told reliably; a few words, names and lists are not.</remarks>
internal static class Languages
{
    // Of Latin letters: one frequent word may be a name, or stand in several languages.
    private const int FewestWords = 2;

    // More of a text tells no more.
    private const int MostLetters = 20_000;

    private static readonly Dictionary<string, HashSet<string>> Words = Read(LanguageWords.Of);

    /// <summary>The language; null when the text does not tell.</summary>
    public static string? Guess(string text)
    {
        var letters = text.AsSpan(0, Math.Min(text.Length, MostLetters));
        Span<int> counts = stackalloc int[Blocks.Length];
        var latin = 0;
        foreach (var letter in letters)
        {
            if (letter < 0x250)
            {
                latin += char.IsLetter(letter) ? 1 : 0;
                continue;
            }

            for (var i = 0; i < Blocks.Length; i++)
            {
                if (letter >= Blocks[i].First && letter <= Blocks[i].Last)
                {
                    counts[i]++;
                    break;
                }
            }
        }

        var best = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        // Signs of these scripts say more than a Latin letter does.
        return counts[best] * 3 > latin && counts[best] > 0 && Blocks[best].Language is not "vi" ? InScript(Blocks[best].Language, letters) : ByWords("latin", letters);
    }

    /// <summary>Whether a word is one of the most frequent of English.</summary>
    public static bool IsCommonEnglish(ReadOnlySpan<char> word) => Words["en"].GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static readonly (char First, char Last, string Language)[] Blocks =
    [
        ('\u0370', '\u03FF', "el"), ('\u0400', '\u052F', "cyrillic"), ('\u0530', '\u058F', "hy"), ('\u0590', '\u05FF', "he"), ('\u0600', '\u077F', "arabic"),
        ('\u0900', '\u097F', "devanagari"), ('\u0980', '\u09FF', "bn"), ('\u0A00', '\u0A7F', "pa"), ('\u0A80', '\u0AFF', "gu"), ('\u0B00', '\u0B7F', "or"), ('\u0B80', '\u0BFF', "ta"),
        ('\u0C00', '\u0C7F', "te"), ('\u0C80', '\u0CFF', "kn"), ('\u0D00', '\u0D7F', "ml"), ('\u0D80', '\u0DFF', "si"), ('\u0E00', '\u0E7F', "th"), ('\u10A0', '\u10FF', "ka"),
        ('\u1100', '\u11FF', "ko"), ('\uAC00', '\uD7AF', "ko"), ('\u3040', '\u30FF', "ja"), ('\u3400', '\u9FFF', "han"), ('\u1E00', '\u1EFF', "vi"),
    ];

    private static string? InScript(string script, ReadOnlySpan<char> letters) => script switch
    {
        "han" => Share(letters, '\u3040', '\u30FF') > 0 ? "ja" : "zh",
        "cyrillic" => Holds(letters, "іїєґІЇЄҐ") ? "uk" : Holds(letters, "ыэёЫЭЁ") ? "ru" : Holds(letters, "ђјљњћџ") ? "sr" : ByWords(script, letters),
        "arabic" => Holds(letters, "ٹڈڑںے") ? "ur" : Holds(letters, "پچژگکی") ? "fa" : "ar",
        "devanagari" => ByWords(script, letters) ?? "hi",
        _ => script,
    };

    private static int Share(ReadOnlySpan<char> letters, char first, char last)
    {
        var count = 0;
        foreach (var letter in letters)
        {
            count += letter >= first && letter <= last ? 1 : 0;
        }

        return count;
    }

    // More than a stray letter in a name.
    private static bool Holds(ReadOnlySpan<char> letters, string signs)
    {
        var count = 0;
        foreach (var letter in letters)
        {
            count += signs.Contains(letter, StringComparison.Ordinal) ? 1 : 0;
        }

        return count * 100 >= letters.Length;
    }

    private static string? ByWords(string script, ReadOnlySpan<char> letters)
    {
        var languages = LanguageWords.Scripts[script];
        var counts = new int[languages.Length];
        foreach (var range in new Parts(letters))
        {
            for (var i = 0; i < languages.Length; i++)
            {
                counts[i] += Words[languages[i]].GetAlternateLookup<ReadOnlySpan<char>>().Contains(letters[range]) ? 1 : 0;
            }
        }

        var best = Array.IndexOf(counts, counts.Max());
        return counts[best] < (script is "latin" ? FewestWords : 1) ? null : languages[best];
    }

    private static Dictionary<string, HashSet<string>> Read(IReadOnlyDictionary<string, string> lists) =>
        lists.ToDictionary(static pair => pair.Key, static pair => pair.Value.Split(' ').ToHashSet(StringComparer.OrdinalIgnoreCase), StringComparer.Ordinal);

    // Runs of letters and marks.
    private ref struct Parts(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> text = text;
        private int end;

        public Range Current { get; private set; }

        public readonly Parts GetEnumerator() => this;

        public bool MoveNext()
        {
            var start = end;
            while (start < text.Length && !IsPart(text[start]))
            {
                start++;
            }

            end = start;
            while (end < text.Length && IsPart(text[end]))
            {
                end++;
            }

            Current = start..end;
            return end > start;
        }

        private static bool IsPart(char letter) => char.IsLetter(letter) || char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
    }
}
