using System.Text.RegularExpressions;

namespace Sommelier.Evals.Instructions;

/// <summary>Something stands between double angular brackets within a line.</summary>
internal static class Title
{
    private static readonly Regex Brackets = new(@"<<[^\n]+>>", RegexOptions.NonBacktracking);

    public static InstructionKind Kind { get; } = new("detectable_format:title", static _ => static text =>
    {
        foreach (var match in Brackets.EnumerateMatches(text))
        {
            if (!text.AsSpan(match.Index, match.Length).TrimStart('<').TrimEnd('>').Trim().IsEmpty)
            {
                return true;
            }
        }

        return false;
    });
}
