using System.Text.RegularExpressions;

namespace Sommelier.Tests.Evals.Code;

/// <summary>Small mistakes put into a Python program that is right.</summary>
internal static partial class PythonMutations
{
    /// <summary>Every mutation that changes this text, by its name.</summary>
    public static IEnumerable<(string Name, string Program)> Of(string program)
    {
        foreach (var (name, pattern, replacement) in Small)
        {
            // Words in documentation strings are not code: only what stands behind the last of them is changed.
            var begin = Math.Max(program.LastIndexOf("\"\"\"", StringComparison.Ordinal), program.LastIndexOf("'''", StringComparison.Ordinal));
            var body = program[Math.Max(begin, 0)..];
            var mutated = pattern.Replace(body, replacement, 1);
            if (mutated != body)
            {
                yield return (name, program[..Math.Max(begin, 0)] + mutated);
            }
        }
    }

    /// <summary>The named function gives what no task of these sets asks for, whatever it is called with.</summary>
    public static string WrongReturn(string program, string function) =>
        $"{program}\n\ndef {function}(*arguments, **named):\n    return '\\x00 not what was asked for'\n";

    private static readonly (string Name, Regex Pattern, string Replacement)[] Small =
    [
        ("off by one", OffByOne(), "$1($2 + 1)"),
        ("negated condition", Condition(), "$1 not ($2):"),
        ("constant returned", Return(), "$1return None"),
        ("less or equal", LessThan(), " >= "),
        ("minus for plus", Plus(), " - "),
    ];

    [GeneratedRegex(@"(range\(|\[|== |\+ )(\d+|len\(\w+\))(?=[\]),:\s])")]
    private static partial Regex OffByOne();

    [GeneratedRegex(@"(\bif|\belif|\bwhile) ([^:\n]+):(?=\s*\n|\s)")]
    private static partial Regex Condition();

    [GeneratedRegex(@"(^[ \t]+)return\b[^\n]*", RegexOptions.Multiline)]
    private static partial Regex Return();

    [GeneratedRegex(" < ")]
    private static partial Regex LessThan();

    [GeneratedRegex(@" \+ ")]
    private static partial Regex Plus();
}
