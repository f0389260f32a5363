using System.Text.RegularExpressions;
using Sommelier.Evals.Text;

namespace Sommelier.Evals.Graders;

/// <summary>The answer matches a regular expression somewhere.</summary>
internal static class RegexGrader
{
    /// <summary><c>regex</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "regex",
        "a regular expression of JavaScript",
        "The expression matches somewhere in the answer; `flags` are JavaScript's `i`, `m`, `s`.",
        Create)
    {
        Example = @"{ type: regex, value: '\b\d{4}-\d{2}-\d{2}\b' }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var pattern = settings.Filled("value");
        var flags = settings.OptionalText("flags") ?? "";
        if (flags.AsSpan().IndexOfAnyExcept("imsgu") >= 0)
        {
            settings.Problem("flags", "has a letter that is no flag here", "Write some of i, m and s");
        }

        if (ScriptPattern.Read(pattern, flags) is not { } regex)
        {
            settings.Problem("value", "is not a regular expression", "Write one of JavaScript, without / around it");
            return new(static _ => Grade.Missing("the expression cannot be read"));
        }

        return new(answer =>
        {
            try
            {
                return Grade.Of(regex.IsMatch(answer.Text), $"/{pattern}/ does not match");
            }
            catch (RegexMatchTimeoutException)
            {
                return Grade.Missing($"/{pattern}/ took longer than {regex.MatchTimeout.TotalSeconds:0} s");
            }
        });
    }
}
