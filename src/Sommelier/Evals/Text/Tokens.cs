using System.Globalization;

namespace Sommelier.Evals.Text;

/// <summary>The ways in which scores cut a text into words.</summary>
internal static class Tokens
{
    /// <summary>How many runs of something else than white space there are.</summary>
    public static int CountWords(ReadOnlySpan<char> text)
    {
        var count = 0;
        var inWord = false;
        foreach (var letter in text)
        {
            var white = char.IsWhiteSpace(letter);
            count += !white && !inWord ? 1 : 0;
            inWord = !white;
        }

        return count;
    }

    /// <summary>What white space parts, in small letters: as BLEU, GLEU and METEOR are scored.</summary>
    /// <param name="text">The text.</param>
    /// <param name="trimDots">Whether dots at a word's end are taken off.</param>
    public static string[] Lower(string text, bool trimDots = false)
    {
        var words = text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return trimDots ? Array.ConvertAll(words, static word => word.TrimEnd('.')) : words;
    }

    /// <summary>
    /// Runs of letters and digits, in small letters, as Google's rouge-score cuts them; letters of other scripts than Latin count too, and
    /// each sign of a script that is written without spaces (Chinese, Japanese, Thai) is a word.
    /// </summary>
    public static List<string> Alphanumeric(string text)
    {
        var words = new List<string>();
        var start = -1;
        text = text.ToLowerInvariant();
        for (var i = 0; i <= text.Length; i++)
        {
            var inWord = i < text.Length && IsPart(text[i]);
            if (start >= 0 && (!inWord || IsWordAlone(text[i]) || IsWordAlone(text[start])))
            {
                words.Add(text[start..i]);
                start = -1;
            }

            start = inWord && start < 0 ? i : start;
        }

        return words;
    }

    private static bool IsPart(char letter) =>
        char.IsLetterOrDigit(letter) || char.IsSurrogate(letter) || CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsWordAlone(char letter) => letter is (>= '\u0E00' and < '\u0E80') or (>= '\u3040' and < '\u3100') or (>= '\u3400' and < '\uA000') or (>= '\uF900' and < '\uFB00');
}
