using System.Buffers;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer has exactly so many paragraphs with an empty line between them, and the nth begins with a word.</summary>
internal static class FirstWord
{
    private static readonly SearchValues<char> Punctuation = SearchValues.Create(".,?!'\"");

    public static InstructionKind Kind { get; } = new("length_constraints:nth_paragraph_first_word", static arguments =>
    {
        var count = arguments.Whole("num_paragraphs");
        var nth = arguments.Whole("nth_paragraph");
        var word = arguments.Text("first_word").ToLowerInvariant();
        return text => Holds(text.Split("\n\n"), count, nth, word);
    });

    private static bool Holds(string[] paragraphs, int count, int nth, string word)
    {
        var filled = paragraphs.Count(static paragraph => !paragraph.AsSpan().Trim().IsEmpty);
        return filled == count && nth >= 1 && nth <= filled && First(paragraphs[nth - 1]).Equals(word, StringComparison.Ordinal);
    }

    private static string First(string paragraph)
    {
        var first = paragraph.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries) is [var word, ..] ? word.TrimStart('\'').TrimStart('"') : "";
        var end = first.AsSpan().IndexOfAny(Punctuation);
        return (end < 0 ? first : first[..end]).ToLowerInvariant();
    }
}
