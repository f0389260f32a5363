using Sommelier.Evals.Markup;

namespace Sommelier.Evals.Graders;

/// <summary>The answer is HTML, or holds some.</summary>
internal static class HtmlGrader
{
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
        static _ => new FunctionGrader(static answer => Grade.Of(HtmlSigns.Worth(answer.Text) >= 2, "there is no HTML in the answer")))
    {
        Example = "{ type: contains-html }",
    };
}
