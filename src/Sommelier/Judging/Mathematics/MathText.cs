using System.Text;
using System.Text.RegularExpressions;

namespace Sommelier.Judging.Mathematics;

/// <summary>LaTeX without what only shapes it.</summary>
internal static partial class MathText
{
    private static readonly (string Sign, string Means)[] Signs =
    [
        (@"\\", @"\cr "), (@"\!", ""), (@"\,", " "), (@"\;", " "), (@"\:", " "), (@"\ ", " "), ("~", " "), ("{,}", ""), (@"\$", ""), ("$", ""), (@"\%", ""), ("%", ""), ("\u00A0", " "),
        (@"^\circ", ""), (@"^{\circ}", ""), (@"\circ", ""), ("°", ""), (@"\degree", ""), ("−", "-"), ("–", "-"), ("×", @"\times "), ("·", @"\cdot "), ("⋅", @"\cdot "), ("÷", "/"), ("π", @"\pi "),
        ("√", @"\sqrt "), ("∞", @"\infty "), ("≤", @"\le "), ("≥", @"\ge "), ("∪", @"\cup "), ("∈", @"\in "), ("±", @"\pm "), ("∓", @"\mp "), ("²", "^2"), ("³", "^3"), ("½", @"\frac{1}{2}"),
        ("¼", @"\frac{1}{4}"), ("¾", @"\frac{3}{4}"), (@"\lbrace", @"\{"), (@"\rbrace", @"\}"), (@"\dfrac", @"\frac"), (@"\tfrac", @"\frac"), (@"\cfrac", @"\frac"), (@"\lvert", "|"), (@"\rvert", "|"), ("**", "^"),
    ];

    /// <summary>More letters are no formula; they are not even looked at.</summary>
    public const int MostLetters = 20_000;

    /// <summary>The answer without delimiters, spaces, sizes, signs of currency, percent and degrees; thousands in one piece.</summary>
    public static string Normalize(string text)
    {
        var plain = Thousands().Replace(Unwrap(text.Trim()), "");
        plain = Shaping().Replace(plain, "");
        foreach (var (sign, means) in Signs)
        {
            plain = plain.Replace(sign, means, StringComparison.Ordinal);
        }

        return plain.Trim().TrimEnd('.', ',', ';').Trim();
    }

    /// <summary>For comparing words: without <c>\text</c>, braces and brackets around, blanks, in small letters.</summary>
    public static string Words(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in TextCommand().Replace(text, ""))
        {
            if (!char.IsWhiteSpace(letter) && letter is not ('{' or '}' or '\\' or '"' or '\''))
            {
                plain.Append(char.ToLowerInvariant(letter));
            }
        }

        return plain.ToString().Trim('(', ')', '.', ',', '*');
    }

    private static string Unwrap(string text)
    {
        foreach (var (open, close) in (ReadOnlySpan<(string, string)>)[("$$", "$$"), ("$", "$"), (@"\(", @"\)"), (@"\[", @"\]"), ("**", "**")])
        {
            if (text.Length > open.Length + close.Length && text.StartsWith(open, StringComparison.Ordinal) && text.EndsWith(close, StringComparison.Ordinal) && text.IndexOf(close, open.Length, StringComparison.Ordinal) == text.Length - close.Length)
            {
                text = text[open.Length..^close.Length].Trim();
            }
        }

        return text.StartsWith(@"\boxed", StringComparison.Ordinal) ? FinalAnswer.Boxed(text) ?? text : text;
    }

    [GeneratedRegex(@",[ ]{0,4}\\![ ]{0,4}", RegexOptions.None, 2_000)]
    private static partial Regex Thousands();

    [GeneratedRegex(@"\\(?:left|right|bigl|bigr|Bigl|Bigr|biggl|biggr|Biggl|Biggr|big|Big|bigg|Bigg|displaystyle|textstyle|quad|qquad|rm|bf|it)(?![A-Za-z])\.?", RegexOptions.None, 2_000)]
    private static partial Regex Shaping();

    [GeneratedRegex(@"\\(?:text|textbf|textit|mbox|mathrm|mathbf|operatorname|textrm)(?![A-Za-z])", RegexOptions.None, 2_000)]
    private static partial Regex TextCommand();
}
