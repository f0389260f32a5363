using System.Text.RegularExpressions;

namespace Sommelier.Evals.Instructions;

/// <summary>At least so many parts stand between single or double asterisks within a line.</summary>
internal static class Highlights
{
    private static readonly Regex Single = new(@"\*[^\n\*]*\*", RegexOptions.NonBacktracking);
    private static readonly Regex Double = new(@"\*\*[^\n\*]*\*\*", RegexOptions.NonBacktracking);

    public static InstructionKind Kind { get; } = new("detectable_format:number_highlighted_sections", static arguments =>
    {
        var least = arguments.Whole("num_highlights");
        return text => Count(Single, text) + Count(Double, text) >= least;
    });

    private static int Count(Regex pattern, string text)
    {
        var count = 0;
        foreach (var match in pattern.EnumerateMatches(text))
        {
            count += text.AsSpan(match.Index, match.Length).Trim('*').Trim().IsEmpty ? 0 : 1;
        }

        return count;
    }
}
