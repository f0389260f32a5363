namespace Sommelier.Wire.BedrockConverse;

/// <summary>Formats of documents, and the names that Bedrock allows them.</summary>
internal static class ConverseDocuments
{
    private static readonly (string Format, string MediaType)[] Known =
    [
        ("pdf", "application/pdf"), ("txt", "text/plain"), ("md", "text/markdown"), ("csv", "text/csv"), ("html", "text/html"),
        ("doc", "application/msword"), ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xls", "application/vnd.ms-excel"), ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ];

    /// <summary>The media type of a format; plain text when there is none.</summary>
    public static string MediaType(string? format) => Known.FirstOrDefault(known => string.Equals(known.Format, format, StringComparison.Ordinal)).MediaType ?? "text/plain";

    /// <summary>The format of a media type; null when Bedrock does not read it.</summary>
    public static string? Format(string mediaType) => Known.FirstOrDefault(known => string.Equals(known.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)).Format;

    /// <summary>A name of letters, digits, single spaces, hyphens and brackets; no other is taken, and one must be there.</summary>
    public static string Name(string? name, int number)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return $"document {number}";
        }

        var fit = new string([.. name.Select(static letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '(' or ')' or '[' or ']' ? letter : '-')]);
        while (fit.Contains("  ", StringComparison.Ordinal))
        {
            fit = fit.Replace("  ", " ", StringComparison.Ordinal);
        }

        return fit.Length <= 200 ? fit : fit[..200];
    }
}
