using System.Globalization;
using System.Text;

namespace Sommelier.Evals.Text;

/// <summary>Python's <c>isupper</c> and <c>islower</c>: some letter has a case, and all that have one have this one.</summary>
internal static class PythonCase
{
    /// <summary>Whether every letter with a case is a capital, and there is one.</summary>
    public static bool IsUpper(string text) => All(text, UnicodeCategory.UppercaseLetter);

    /// <summary>Whether every letter with a case is a small one, and there is one.</summary>
    public static bool IsLower(string text) => All(text, UnicodeCategory.LowercaseLetter);

    private static bool All(string text, UnicodeCategory wanted)
    {
        var some = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter)
            {
                if (category != wanted)
                {
                    return false;
                }

                some = true;
            }
        }

        return some;
    }
}
