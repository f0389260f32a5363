using System.Text.RegularExpressions;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer has exactly so many lines that begin with an asterisk or a hyphen.</summary>
internal static class Bullets
{
    private static readonly Regex Stars = new(@"^\s*\*[^\*].*$", RegexOptions.NonBacktracking | RegexOptions.Multiline);
    private static readonly Regex Hyphens = new(@"^\s*-.*$", RegexOptions.NonBacktracking | RegexOptions.Multiline);

    public static InstructionKind Kind { get; } = new("detectable_format:number_bullet_lists", static arguments =>
    {
        var count = arguments.Whole("num_bullets");
        return text => Stars.Count(text) + Hyphens.Count(text) == count;
    });
}
