namespace Sommelier.Judging;

/// <summary>What an answer marks as its result, after it has thought aloud.</summary>
internal static class FinalAnswer
{
    private const string Box = @"\boxed";

    // Boxes without an end, that is: each is read to the text's end in vain.
    private const int MostBoxes = 50;

    /// <summary>GSM8K's mark.</summary>
    private const string Hashes = "####";

    /// <summary>What follows the last <c>####</c> on its line; null without one.</summary>
    public static string? AfterHashes(string text)
    {
        var at = text.LastIndexOf(Hashes, StringComparison.Ordinal);
        return at < 0 ? null : Line(text.AsSpan(at + Hashes.Length)).Trim().ToString();
    }

    /// <summary>What stands in the last <c>\boxed{}</c>, braces within it counted; null without one.</summary>
    public static string? Boxed(string text)
    {
        var tries = MostBoxes;
        for (var at = text.LastIndexOf(Box, StringComparison.Ordinal); at >= 0 && tries-- > 0; at = at == 0 ? -1 : text.AsSpan(0, at).LastIndexOf(Box))
        {
            var inside = text.AsSpan(at + Box.Length).TrimStart();
            if (inside.StartsWith("{") && Braced(inside) is { } content)
            {
                return content;
            }

            if (inside.Length > 0 && char.IsAsciiLetterOrDigit(inside[0]))
            {
                return inside[..1].ToString();
            }
        }

        return null;
    }

    /// <summary>The rest of the line after the last occurrence of a label, without the colon after it; null without one.</summary>
    public static string? After(string text, string label)
    {
        var at = text.LastIndexOf(label, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : Line(text.AsSpan(at + label.Length).TrimStart(" \t:*=")).Trim().ToString();
    }

    private static ReadOnlySpan<char> Line(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }

    // {{42}} is what a prompt's template leaves behind.
    private static string? Braced(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                var inside = text[1..i].Trim();
                return inside is ['{', .. var within, '}'] && within.IndexOfAny('{', '}') < 0 ? within.Trim().ToString() : inside.ToString();
            }
        }

        return null;
    }
}
