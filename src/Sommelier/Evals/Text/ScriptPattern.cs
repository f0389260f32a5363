using System.Text.RegularExpressions;
using Sommelier.JsonSchemas;

namespace Sommelier.Evals.Text;

/// <summary>Regular expressions of JavaScript that search an answer of any length in bounded time.</summary>
/// <remarks>
/// What the linear engine can do is translated as ECMA-262 has it (<see cref="EcmaPattern"/>): <c>\d</c> and <c>\w</c> are ASCII, <c>$</c>
/// is the very end, a dot takes a whole character. Look-around, back references, <c>\b</c> and the flags go to the backtracking
/// engine in its ECMAScript mode where that knows them, else in its own mode, and may take <see cref="Longest"/>.
/// </remarks>
internal static class ScriptPattern
{
    /// <summary>How long the backtracking engine may search one answer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>The expression; null when it is none.</summary>
    /// <param name="pattern">The source, without slashes.</param>
    /// <param name="flags">Some of <c>i</c>, <c>m</c>, <c>s</c>; <c>g</c> and <c>u</c> change nothing in a search.</param>
    public static Regex? Read(string pattern, string flags = "")
    {
        var options = Options(flags);
        if (options == RegexOptions.None && EcmaPattern.Read(pattern) is { } linear)
        {
            return linear;
        }

        // ECMAScript mode refuses look-behind, Unicode classes and the flag s; the ordinary mode knows them.
        var exact = EndOnly(pattern, options);
        return !options.HasFlag(RegexOptions.Singleline) && Make(exact, options | RegexOptions.ECMAScript) is { } script
            ? script
            : Make(exact, options | RegexOptions.CultureInvariant);
    }

    private static RegexOptions Options(string flags)
    {
        var options = RegexOptions.None;
        options |= flags.Contains('i', StringComparison.Ordinal) ? RegexOptions.IgnoreCase : RegexOptions.None;
        options |= flags.Contains('m', StringComparison.Ordinal) ? RegexOptions.Multiline : RegexOptions.None;
        return options | (flags.Contains('s', StringComparison.Ordinal) ? RegexOptions.Singleline : RegexOptions.None);
    }

    // A $ at the pattern's end means the very end in JavaScript, not before a last line feed too.
    private static string EndOnly(string pattern, RegexOptions options) =>
        !options.HasFlag(RegexOptions.Multiline) && pattern.EndsWith('$') && !pattern.EndsWith(@"\$", StringComparison.Ordinal) ? $@"{pattern[..^1]}\z" : pattern;

    private static Regex? Make(string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern, options, Longest);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
