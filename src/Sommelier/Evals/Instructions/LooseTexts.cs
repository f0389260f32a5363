namespace Sommelier.Evals.Instructions;

/// <summary>What IFEval's loose measure accepts in an answer's place: without its first line, its last, both, and each without asterisks.</summary>
internal static class LooseTexts
{
    /// <summary>The answer and its seven variants.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var first = text.IndexOf('\n', StringComparison.Ordinal);
        var last = text.LastIndexOf('\n');
        var withoutFirst = first < 0 ? "" : text[(first + 1)..].Trim();
        var withoutLast = last < 0 ? "" : text[..last].Trim();
        var withoutBoth = first < 0 || first >= last ? "" : text[(first + 1)..last].Trim();
        string[] texts = [text, withoutFirst, withoutLast, withoutBoth];
        return [.. texts, .. texts.Select(static each => each.Replace("*", "", StringComparison.Ordinal))];
    }
}
