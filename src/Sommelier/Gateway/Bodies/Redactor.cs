using System.Text.RegularExpressions;

namespace Sommelier.Gateway.Bodies;

/// <summary>Takes out of a text what must not be stored.</summary>
/// <param name="pii">Whether personal data and secrets of the usual kinds are taken out.</param>
/// <param name="own">Further patterns, none of which backtracks.</param>
internal sealed class Redactor(bool pii, IReadOnlyList<Regex> own)
{
    // Longer than anything that a pattern of ours finds: what may be the beginning of such a thing ends with the text.
    private const int Doubtful = 64;

    /// <summary>The usual one.</summary>
    public static Redactor Pii { get; } = new(pii: true, []);

    /// <summary>The text without it.</summary>
    public string Redact(string text)
    {
        foreach (var pattern in own)
        {
            text = pattern.Replace(text, "[redacted]");
        }

        return pii ? PiiPattern.All.Aggregate(text, static (text, kind) => Replace(kind, text)) : text;
    }

    /// <summary>The same of a text that was cut off: its end may be the beginning of something that cannot be told any more.</summary>
    public string RedactCut(string text)
    {
        var redacted = Redact(text);
        return redacted.Length > Doubtful ? redacted[..^Doubtful] + "…" : "…";
    }

    private static string Replace(PiiPattern kind, string text) => kind.Holds is not { } holds
        ? kind.Pattern.Replace(text, kind.Replacement)
        : kind.Pattern.Replace(text, match => holds(match.Value) ? kind.Replacement : match.Value);
}
