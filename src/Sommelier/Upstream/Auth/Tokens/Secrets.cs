namespace Sommelier.Upstream.Auth;

/// <summary>Blots out secrets that somebody else repeats.</summary>
internal static class Secrets
{
    // Anything shorter is no secret, and blotting it out would garble the message.
    private const int Shortest = 4;

    // The last line of a key may be a few letters, which are a word somewhere.
    private const int ShortestLine = 16;

    /// <summary>The text without a secret, as it is and as a form or an address carries it.</summary>
    public static string Blot(string text, string? secret, string instead)
    {
        if (secret?.Trim() is not { Length: >= Shortest } found)
        {
            return text;
        }

        text = text.Replace(found, instead, StringComparison.Ordinal);
        var escaped = Uri.EscapeDataString(found);
        return string.Equals(escaped, found, StringComparison.Ordinal) ? text : text.Replace(escaped, instead, StringComparison.Ordinal);
    }

    /// <summary>The text without any line of a key in PEM, however the lines are joined.</summary>
    public static string BlotPem(string text, string? pem)
    {
        foreach (var line in (pem ?? "").Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Length >= ShortestLine && !line.StartsWith("-----", StringComparison.Ordinal))
            {
                text = Blot(text, line, "[key]");
            }
        }

        return text;
    }
}
