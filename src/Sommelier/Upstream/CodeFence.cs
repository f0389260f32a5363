namespace Sommelier.Upstream;

/// <summary>Markdown's fence around a whole answer: a line of three backticks, with a language perhaps, and three at the end.</summary>
internal static class CodeFence
{
    private const string Mark = "```";

    /// <summary>What stands inside the only fence of a text that has nothing outside it; null where that is not so.</summary>
    public static string? Inner(string text)
    {
        var whole = text.AsSpan().Trim();
        var line = whole.IndexOf('\n');
        if (line < 0 || !whole.StartsWith(Mark, StringComparison.Ordinal) || !whole.EndsWith(Mark, StringComparison.Ordinal) || whole.Length - line <= Mark.Length)
        {
            return null;
        }

        foreach (var letter in whole[Mark.Length..line].Trim())
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                return null;
            }
        }

        // A fence inside may stand in a text of the JSON; whether it does is for the check to say.
        return whole[(line + 1)..^Mark.Length].Trim().ToString();
    }
}
