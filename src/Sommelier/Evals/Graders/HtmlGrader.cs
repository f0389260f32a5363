using System.Text.RegularExpressions;
using Sommelier.Evals.Markup;

namespace Sommelier.Evals.Graders;

/// <summary>The answer is HTML, or holds some.</summary>
internal static class HtmlGrader
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

    /// <summary><c>is-html</c>.</summary>
    public static GraderKind Whole { get; } = new(
        "is-html",
        "none",
        "The answer has an element of HTML, and no words outside of its elements unless it writes its `body`.",
        static _ => new FunctionGrader(static answer => HtmlOutline.Mistake(answer.Text) is { } mistake ? Grade.Fail(mistake) : Grade.Pass))
    {
        Example = "{ type: is-html }",
    };

    /// <summary><c>contains-html</c>.</summary>
    public static GraderKind Within { get; } = new(
        "contains-html",
        "none",
        "The answer holds signs of HTML that are worth two points: an opening or a closing tag 1, both 2, a usual tag or a doctype 2, an entity, a comment, an attribute, a self-closing tag 1.",
        static _ => new FunctionGrader(static answer => Grade.Of(Signs(answer.Text) >= 2, "there is no HTML in the answer")))
    {
        Example = "{ type: contains-html }",
    };

    private static int Signs(string text)
    {
        return Worth(Opening, 1) + Worth(Closing, 1) + Worth(Alone, 1) + Worth(Entity, 1) + Worth(Type, 2) + Worth(Comment, 1) + Worth(Attribute, 1) + Worth(Usual, 2);

        int Worth(Regex sign, int points) => sign.IsMatch(text) ? points : 0;
    }

    private static Regex Linear(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
}
