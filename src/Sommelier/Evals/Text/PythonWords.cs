using System.Globalization;
using System.Text;

namespace Sommelier.Evals.Text;

/// <summary>Words as Python's <c>\w</c> has them: letters, numbers of any script, underscores; .NET's takes combining marks too.</summary>
internal static class PythonWords
{
    /// <summary>How many runs of word signs there are.</summary>
    public static int Count(string text)
    {
        var count = 0;
        var inWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var word = IsWord(rune);
            count += word && !inWord ? 1 : 0;
            inWord = word;
        }

        return count;
    }

    /// <summary>Whether a word stands in a text on its own, in capitals or not.</summary>
    public static bool Holds(string text, string word)
    {
        for (var at = 0; word.Length > 0 && (at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0; at++)
        {
            if (IsEdge(text, at) && IsEdge(text, at + word.Length))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsEdge(string text, int at) => (at > 0 && IsWord(Before(text, at))) != (at < text.Length && IsWord(After(text, at)));

    private static Rune Before(string text, int at) => Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    private static Rune After(string text, int at) => Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : Rune.ReplacementChar;

    private static bool IsWord(Rune rune) =>
        rune.Value == '_' || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
