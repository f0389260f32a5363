using System.Globalization;
using System.Text.RegularExpressions;

namespace Sommelier.Tests.Evals.Graders;

/// <summary>Other ways to write an answer, and answers that are wrong by a little.</summary>
internal static partial class MathVariants
{
    /// <summary>Texts that mean the same.</summary>
    public static IEnumerable<string> Of(string answer)
    {
        var written = Shapes(answer).Distinct(StringComparer.Ordinal).ToList();
        return written.Concat(written.Select(static text => $"${text}$")).Concat(written.Select(static text => $" {text} . ")).Concat([$@"\({answer}\)", $@"\boxed{{{answer}}}", $@"\displaystyle {answer}"]);
    }

    /// <summary>Texts that mean something else.</summary>
    public static IEnumerable<string> Corruptions(string answer)
    {
        var numbers = Digits().Matches(answer);
        foreach (Match number in numbers)
        {
            // A unit's power is dropped with the unit.
            if (answer[..number.Index].EndsWith("}^", StringComparison.Ordinal))
            {
                continue;
            }

            var last = number.Value[^1] - '0';
            yield return $"{answer[..(number.Index + number.Length - 1)]}{(last + 1) % 10}{answer[(number.Index + number.Length)..]}";
        }

        if (numbers.Count == 1 && numbers[0].Length == answer.Length && answer != "0")
        {
            yield return $"-{answer}";
            yield return $"{answer}0";
            yield return $"{answer}.5";
            yield return $@"\frac{{1}}{{{answer}}}".Replace(@"\frac{1}{1}", "3", StringComparison.Ordinal).Replace(@"\frac{1}{0}", "3", StringComparison.Ordinal).Replace("}{3", "}{33", StringComparison.Ordinal);
        }

        if (answer.StartsWith('(') && answer.EndsWith(')') && answer.Split(',') is [var left, var right])
        {
            yield return $"({right[..^1].Trim()}, {left[1..]})";
            yield return $"[{answer[1..]}";
        }

        if (answer.Contains(@"\cup", StringComparison.Ordinal))
        {
            yield return answer[..answer.IndexOf(@"\cup", StringComparison.Ordinal)];
        }
    }

    private static IEnumerable<string> Shapes(string answer)
    {
        yield return answer;
        yield return answer.Replace(@"\frac", @"\dfrac", StringComparison.Ordinal).Replace(@"\ddfrac", @"\dfrac", StringComparison.Ordinal);
        yield return answer.Replace(@"\dfrac", @"\tfrac", StringComparison.Ordinal);
        yield return Bare().Replace(answer, @"\frac{$1}{$2}");
        yield return Simple().Replace(answer, static match => $"({match.Groups[1].Value}/{match.Groups[2].Value})");
        yield return answer.Replace(@"\left", "", StringComparison.Ordinal).Replace(@"\right", "", StringComparison.Ordinal);
        yield return Brackets().Replace(answer, static match => match.Value is "(" or "[" ? $@"\left{match.Value}" : $@"\right{match.Value}");
        yield return answer.Replace(",", ", ", StringComparison.Ordinal).Replace(@", \!", @",\!", StringComparison.Ordinal) is var spaced && !Thousands().IsMatch(answer) ? spaced : answer;
        yield return answer.Replace("+", " + ", StringComparison.Ordinal).Replace("=", " = ", StringComparison.Ordinal);
        yield return answer.Replace(" ", @"\,", StringComparison.Ordinal) is var thin && !answer.Contains(@"\text", StringComparison.Ordinal) && !answer.Contains(@"\begin", StringComparison.Ordinal) && !Command().IsMatch(answer) ? thin : answer;
        yield return answer.Replace(@"^\circ", @"^{\circ}", StringComparison.Ordinal);
        yield return answer.Replace(@"^\circ", @"\text{ degrees}", StringComparison.Ordinal);
        yield return answer.Replace(@"^\circ", "", StringComparison.Ordinal);
        yield return answer.Replace(@"\$", "", StringComparison.Ordinal);
        yield return answer.Replace(@",\!", ",", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal);
        yield return answer.Replace(@"\sqrt", @"\sqrt ", StringComparison.Ordinal);
        yield return answer.Replace(@"\pi", "π", StringComparison.Ordinal);
        yield return answer.Replace(@"\infty", "∞", StringComparison.Ordinal);
        yield return answer.Replace("pmatrix", "bmatrix", StringComparison.Ordinal);
        yield return Unit().Replace(answer, "");
        yield return OneWord().Replace(answer, "$1");
        if (Fraction().Match(answer) is { Success: true } fraction && answer[0] != '-' && decimal.Parse(fraction.Groups[2].Value, CultureInfo.InvariantCulture) is var lower && Terminates(lower))
        {
            yield return (decimal.Parse(fraction.Groups[1].Value, CultureInfo.InvariantCulture) / lower).ToString(CultureInfo.InvariantCulture);
        }

        if (Digits().Match(answer) is { Success: true } whole && whole.Length == answer.Length)
        {
            yield return $"{answer}.0";
            yield return $@"{answer}\text{{ units}}";
            yield return $@"x = {answer}";
            yield return long.Parse(answer, CultureInfo.InvariantCulture).ToString("N0", CultureInfo.InvariantCulture);
            yield return $@"\frac{{{3 * long.Parse(answer, CultureInfo.InvariantCulture)}}}{{3}}";
        }

        if (Answer(answer) is [_, _, ..] items)
        {
            yield return string.Join(",", items.Reverse());
        }
    }

    // Solutions with commas between them: their order does not count.
    private static string[] Answer(string answer) => answer.IndexOfAny(['(', '[', '{', '\\']) < 0 && !Thousands().IsMatch(answer) ? answer.Split(',') : [];

    private static bool Terminates(decimal lower)
    {
        foreach (var prime in (ReadOnlySpan<decimal>)[2, 5])
        {
            while (lower % prime == 0)
            {
                lower /= prime;
            }
        }

        return lower == 1;
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\\frac ?(\d)(\d)")]
    private static partial Regex Bare();

    [GeneratedRegex(@"(?<!\d ?)\\d?frac\{(-?\d+)\}\{(\d+)\}")]
    private static partial Regex Simple();

    [GeneratedRegex(@"^-?\\d?frac\{(\d+)\}\{(\d+)\}$")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"(?<!\\left *|\\right *|\\)[()\[\]]")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"\d,(\\! ?)?\d{3}")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"\\[a-z]+ [a-z]")]
    private static partial Regex Command();

    [GeneratedRegex(@"(?<=\d ?|\})\\(text|mbox)\{[^}]*\}(\^2)?")]
    private static partial Regex Unit();

    [GeneratedRegex(@"^\\text\{([^}]*)\}$")]
    private static partial Regex OneWord();
}
