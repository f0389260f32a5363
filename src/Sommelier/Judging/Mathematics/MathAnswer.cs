namespace Sommelier.Judging.Mathematics;

/// <summary>The final answer of a worked solution.</summary>
internal static class MathAnswer
{
    // An answer of a line and no more is the result itself.
    private const int Short = 200;

    private static readonly string[] Labels = ["final answer is", "answer is", "final answer:", "answer:", "Answer**:"];

    /// <summary>What is in the last <c>\boxed{}</c>; after <c>####</c>; after "answer is" or "Answer:"; the whole of a short answer; the last formula; the last line.</summary>
    public static string Find(string text)
    {
        if ((FinalAnswer.Boxed(text) ?? FinalAnswer.AfterHashes(text)) is { } marked)
        {
            return marked;
        }

        foreach (var label in Labels)
        {
            if (FinalAnswer.After(text, label) is { Length: > 0 } said)
            {
                return Formula(said) ?? said.Replace("**", "", StringComparison.Ordinal);
            }
        }

        var trimmed = text.Trim();
        return trimmed.Length <= Short && !trimmed.Contains('\n', StringComparison.Ordinal) ? trimmed : Formula(trimmed) ?? trimmed[(trimmed.LastIndexOf('\n') + 1)..];
    }

    // The last $...$, where there are several or words around it.
    private static string? Formula(string text)
    {
        var end = text.LastIndexOf('$');
        var start = end <= 0 ? -1 : text.LastIndexOf('$', end - 1);
        return start < 0 || end - start < 2 || (start > 0 && text[start - 1] == '\\') ? null : text[(start + 1)..end];
    }
}
