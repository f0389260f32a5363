using System.Text.RegularExpressions;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer has exactly so many paragraphs with three asterisks between them.</summary>
internal static class Paragraphs
{
    private static readonly Regex Divider = new(@"\s?\*\*\*\s?", RegexOptions.NonBacktracking);

    public static InstructionKind Kind { get; } = new("length_constraints:number_paragraphs", static arguments =>
    {
        var count = arguments.Whole("num_paragraphs");
        return text => Count(Divider.Split(text)) == count;
    });

    // An empty one between two others is a mistake; at either end it is none.
    private static int? Count(string[] parts)
    {
        var count = parts.Length;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].AsSpan().Trim().IsEmpty)
            {
                if (i > 0 && i < parts.Length - 1)
                {
                    return null;
                }

                count--;
            }
        }

        return count;
    }
}
