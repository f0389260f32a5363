namespace Sommelier.Wire.BedrockConverse;

/// <summary>Formats of documents, and the names that Bedrock allows them.</summary>
internal static class ConverseDocuments
{
    private const int MaxLength = 200;

    private static readonly (string Format, string MediaType)[] Known =
    [
        ("pdf", "application/pdf"), ("txt", "text/plain"), ("md", "text/markdown"), ("csv", "text/csv"), ("html", "text/html"),
        ("doc", "application/msword"), ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xls", "application/vnd.ms-excel"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ];

    /// <summary>The media type of a format; plain text when there is none.</summary>
    public static string MediaType(string? format) => Known.FirstOrDefault(known => string.Equals(known.Format, format, StringComparison.Ordinal)).MediaType ?? "text/plain";

    /// <summary>Whether Bedrock reads documents of a format.</summary>
    public static bool IsFormat(string format) => Array.Exists(Known, known => string.Equals(known.Format, format, StringComparison.Ordinal));

    /// <summary>The format of a media type; null when Bedrock does not read it.</summary>
    public static string? Format(string mediaType) => Known.FirstOrDefault(known => string.Equals(known.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)).Format;

    /// <summary>
    /// A name of letters, digits, single spaces, hyphens and brackets: no other is taken, one must be there, and no two
    /// documents of a request may have the same.
    /// </summary>
    /// <param name="name">The name that the caller gave, or null.</param>
    /// <param name="taken">The names so far.</param>
    public static string Name(string? name, HashSet<string> taken)
    {
        var fit = string.IsNullOrWhiteSpace(name) ? $"document {taken.Count + 1}" : Fit(name.Trim());
        var free = fit;
        for (var number = 2; !taken.Add(free); number++)
        {
            free = $"{(fit.Length <= MaxLength - 8 ? fit : fit[..(MaxLength - 8)])} ({number})";
        }

        return free;
    }

    private static string Fit(string name)
    {
        var fit = new string([.. name.Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '(' or ')' or '[' or ']' ? letter : '-')]);
        while (fit.Contains("  ", StringComparison.Ordinal))
        {
            fit = fit.Replace("  ", " ", StringComparison.Ordinal);
        }

        return fit.Length <= MaxLength ? fit : fit[..MaxLength];
    }
}
