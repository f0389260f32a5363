namespace Sommelier.Evals.Instructions;

/// <summary>A keyword stands in the answer at least, or fewer than, so often, in capitals or not, also within words.</summary>
internal static class KeywordFrequency
{
    public static InstructionKind Kind { get; } = new("keywords:frequency", static arguments =>
    {
        var keyword = arguments.Text("keyword").Trim();
        var holds = arguments.Relation("relation", "frequency");
        return text => holds(Count(text, keyword));
    });

    private static int Count(string text, string keyword)
    {
        var count = 0;
        for (var at = 0; keyword.Length > 0 && (at = text.IndexOf(keyword, at, StringComparison.OrdinalIgnoreCase)) >= 0; at += keyword.Length)
        {
            count++;
        }

        return count;
    }
}
