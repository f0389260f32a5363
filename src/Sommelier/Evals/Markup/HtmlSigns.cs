using System.Text.RegularExpressions;

namespace Sommelier.Evals.Markup;

/// <summary>Signs of HTML in a text. Apart from the grader, since making them takes 20 ms, which only who looks for them should wait.</summary>
internal static class HtmlSigns
{
    // Each in linear time, whatever the answer.
    private static readonly Regex Opening = Linear("<[a-zA-Z][a-zA-Z0-9-]*(\\s[^>]*)?>");
    private static readonly Regex Closing = Linear("</[a-zA-Z][a-zA-Z0-9-]*\\s*>");
    private static readonly Regex Alone = Linear("<[a-zA-Z][a-zA-Z0-9-]*(\\s[^>]*)?/>");
    private static readonly Regex Entity = Linear("&([a-zA-Z]+|#[0-9]+|#x[0-9a-fA-F]+);");
    private static readonly Regex Type = Linear("(?i)<!DOCTYPE\\s+html");
    private static readonly Regex Comment = Linear("<!--[^-]*(-[^-]+)*-->");
    private static readonly Regex Attribute = Linear("\\s[a-zA-Z-]+=\\s*[\"'][^\"']*[\"']");
    private static readonly Regex Usual = Linear("(?i)<(html|head|body|div|span|p|a|img|h[1-6]|ul|ol|li|table|tr|td|th|form|input|button|script|style|link|meta|br|hr)\\b");

    /// <summary>The points of all signs that a text has; two are enough.</summary>
    public static int Worth(string text)
    {
        return Points(Opening, 1) + Points(Closing, 1) + Points(Alone, 1) + Points(Entity, 1) + Points(Type, 2) + Points(Comment, 1) + Points(Attribute, 1) + Points(Usual, 2);

        int Points(Regex sign, int points) => sign.IsMatch(text) ? points : 0;
    }

    private static Regex Linear(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
