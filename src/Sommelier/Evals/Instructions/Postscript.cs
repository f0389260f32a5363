using System.Text.RegularExpressions;

namespace Sommelier.Evals.Instructions;

/// <summary>The answer has a postscript with that mark.</summary>
internal static class Postscript
{
    private static readonly Regex First = new(@"p\.\s?s\.", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    private static readonly Regex Second = new(@"p\.\s?p\.\s?s", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static InstructionKind Kind { get; } = new("detectable_content:postscript", static arguments =>
    {
        var mark = arguments.Text("postscript_marker").Trim();
        return mark switch
        {
            "P.P.S" => static text => Second.IsMatch(text),
            "P.S." => static text => First.IsMatch(text),
            _ => text => text.Contains(mark, StringComparison.OrdinalIgnoreCase),
        };
    });
}
