using System.Text.RegularExpressions;

namespace Sommelier.Evals.Graders.Code;

/// <summary>The program in an answer that also holds prose.</summary>
internal static partial class CodeBlock
{
    /// <summary>
    /// The fenced block that holds the program; the whole text when nothing is fenced. Blocks in another language are passed
    /// over, and of several the last that holds the name wins, else the longest: what comes after a solution is how to use it.
    /// </summary>
    /// <param name="text">The answer.</param>
    /// <param name="language">What the program is written in.</param>
    /// <param name="name">A name that the program defines; null when that is not known.</param>
    public static string Extract(string text, CodeLanguage language, string? name)
    {
        var blocks = Fence().Matches(text)
            .Select(static match => (Tag: match.Groups["tag"].Value, Code: match.Groups["code"].Value))
            .ToList();
        if (blocks.Count == 0)
        {
            return text;
        }

        var own = blocks.Where(block => language.Tags.Contains(block.Tag, StringComparer.OrdinalIgnoreCase)).ToList();
        var candidates = own.Count > 0 ? own : blocks.Where(static block => block.Tag.Length == 0).ToList();
        if (candidates.Count == 0)
        {
            return "";
        }

        var naming = name is null ? -1 : candidates.FindLastIndex(block => Defines(block.Code, name));
        return naming >= 0 ? candidates[naming].Code : candidates.MaxBy(static block => block.Code.Length).Code;
    }

    // A definition begins with the name behind a word (def, function, const, int), at the begin of a statement.
    private static bool Defines(string code, string name) =>
        Regex.IsMatch(code, $@"^[ \t]*(?:[\w<>\[\],?.]+[ \t*]+)+{Regex.Escape(name)}\b", RegexOptions.Multiline | RegexOptions.NonBacktracking);

    [GeneratedRegex(@"^[ ]{0,3}(?<fence>(?>`{3,}|~{3,}))[ \t]*(?<tag>[^\s`{]*)[^\n]*\n(?<code>.*?)(?:^[ ]{0,3}\k<fence>[`~]*[ \t\r]*$|\z)", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();
}
