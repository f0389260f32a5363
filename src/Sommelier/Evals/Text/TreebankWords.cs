namespace Sommelier.Evals.Text;

/// <summary>Words as the Penn Treebank's tokenizer parts them, as far as counting words in capitals needs it.</summary>
internal static class TreebankWords
{
    private static readonly System.Buffers.SearchValues<char> Parting = System.Buffers.SearchValues.Create(" \t\r\n\f\v\u00A0\"“”«»„`()[]{}<>?!;@#$%&…");

    /// <summary>The words and signs, in order.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !Parts(text, i))
            {
                continue;
            }

            foreach (var word in Contractions(text[start..i]))
            {
                yield return word;
            }

            start = i + 1;
        }
    }

    // A comma or colon within a number parts nothing; two hyphens do.
    private static bool Parts(string text, int at) => text[at] switch
    {
        ',' or ':' => at + 1 == text.Length || !char.IsAsciiDigit(text[at + 1]),
        '-' => (at > 0 && text[at - 1] == '-') || (at + 1 < text.Length && text[at + 1] == '-'),
        var letter => Parting.Contains(letter),
    };

    // DON'T is DO and N'T, IT'S is IT and 'S.
    private static IEnumerable<string> Contractions(string word)
    {
        if (word.Length == 0)
        {
            return [];
        }

        if (word.EndsWith("n't", StringComparison.OrdinalIgnoreCase) && word.Length > 3)
        {
            return [word[..^3], word[^3..]];
        }

        var mark = word.LastIndexOf('\'');
        return mark > 0 && word[mark..].ToLowerInvariant() is "'s" or "'m" or "'d" or "'ll" or "'re" or "'ve" ? [word[..mark], word[mark..]] : [word];
    }
}
