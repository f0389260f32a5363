using System.Globalization;
using System.Text;

namespace Sommelier.Evals.Text;

/// <summary>A number as it stands in prose: <c>1,234.5</c>, <c>-3e4</c>, <c>$18</c>, <c>62%</c>, <c>12kg</c>.</summary>
/// <param name="Value">The number, of <c>62%</c> 62.</param>
/// <param name="IsPercent">Whether a percent sign follows.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct FoundNumber(double Value, bool IsPercent, int Start, int End)
{
    /// <summary>The last number of a text; null when there is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mark">The decimal mark, a dot or a comma; the other one parts thousands.</param>
    public static FoundNumber? Last(ReadOnlySpan<char> text, char mark = '.')
    {
        FoundNumber? last = null;
        for (var from = 0; First(text, from, mark) is { } found; from = found.End)
        {
            last = found;
        }

        return last;
    }

    /// <summary>The first number from a place on; null when there is none.</summary>
    public static FoundNumber? First(ReadOnlySpan<char> text, int from, char mark = '.')
    {
        for (var i = from; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) || (text[i] == mark && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])))
            {
                if (i > 0 && IsWord(text[i - 1]))
                {
                    // Part of a name (GPT4, H2O): all of it is passed over.
                    while (i + 1 < text.Length && (IsWord(text[i + 1]) || char.IsAsciiDigit(text[i + 1])))
                    {
                        i++;
                    }

                    continue;
                }

                return Read(text, i, mark);
            }
        }

        return null;
    }

    private static FoundNumber Read(ReadOnlySpan<char> text, int start, char mark)
    {
        var digits = new StringBuilder();
        var end = Whole(text, start, mark == '.' ? ',' : '.', digits);
        if (end + 1 < text.Length && text[end] == mark && char.IsAsciiDigit(text[end + 1]))
        {
            digits.Append('.');
            end = Digits(text, end + 1, digits);
        }

        end = Exponent(text, end, digits);
        var negative = IsMinus(text, start);
        var value = double.Parse($"0{digits}", NumberStyles.Float, CultureInfo.InvariantCulture);
        var after = end < text.Length && text[end] == ' ' ? end + 1 : end;
        var percent = end < text.Length && (text[end] == '%' || text[end..].StartsWith(@"\%", StringComparison.Ordinal) || text[after..].StartsWith("percent", StringComparison.OrdinalIgnoreCase));
        return new(negative ? -value : value, percent, negative ? start - 1 : start, end);
    }

    // Digits with or without groups of three.
    private static int Whole(ReadOnlySpan<char> text, int start, char group, StringBuilder digits)
    {
        var end = Digits(text, start, digits);
        if (end - start is < 1 or > 3)
        {
            return end;
        }

        while (end + 3 < text.Length && IsGroup(text[end], group) && Three(text[(end + 1)..]))
        {
            end = Digits(text, end + 1, digits);
        }

        return end;
    }

    private static bool IsGroup(char letter, char group) => letter == group || letter is '\'' or '\u2019' or '\u00A0' or '\u202F' or '\u2009';

    private static bool Three(ReadOnlySpan<char> text) =>
        char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]) && (text.Length == 3 || !char.IsAsciiDigit(text[3]));

    private static int Digits(ReadOnlySpan<char> text, int at, StringBuilder digits)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            digits.Append(text[at++]);
        }

        return at;
    }

    private static int Exponent(ReadOnlySpan<char> text, int at, StringBuilder digits)
    {
        if (at >= text.Length || text[at] is not ('e' or 'E'))
        {
            return at;
        }

        var first = at + 1 < text.Length && text[at + 1] is '+' or '-' ? at + 2 : at + 1;
        if (first >= text.Length || !char.IsAsciiDigit(text[first]))
        {
            return at;
        }

        digits.Append('e').Append(text[(at + 1)..first]);
        return Digits(text, first, digits);
    }

    // A minus, unless it parts two numbers or words: 2020-12, (3)-4.
    private static bool IsMinus(ReadOnlySpan<char> text, int start) =>
        start > 0 && text[start - 1] is '-' or '\u2212' && (start < 2 || !(char.IsLetterOrDigit(text[start - 2]) || text[start - 2] is ')' or ']' or '}'));

    private static bool IsWord(char letter) => char.IsLetter(letter) || letter == '_';
}
