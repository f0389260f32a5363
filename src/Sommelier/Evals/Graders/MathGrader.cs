using Sommelier.Judging.Mathematics;

namespace Sommelier.Evals.Graders;

/// <summary>The answer's result means the same as the wanted one.</summary>
internal static class MathGrader
{
    /// <summary><c>math</c>.</summary>
    public static GraderKind Kind { get; } = new(
        "math",
        "a final answer in LaTeX or plain, or a list of right ones",
        "The answer's result (in `\\boxed{}`, after `####` or 'answer is', or all of a short answer) means the same: fractions, roots, expressions, pairs, intervals, sets, matrices, equations; units and degrees do not count. `tolerance`, `relative_tolerance`: how far numbers may be off (0).",
        Create)
    {
        Example = @"{ type: math, value: '\frac{3\sqrt{3}}{4}' }",
    };

    private static FunctionGrader Create(GraderSettings settings)
    {
        var wanted = settings.Texts("value");
        var comparison = new MathComparison(settings.Number("tolerance", 0, 0), settings.Number("relative_tolerance", 0, 0));
        return new(answer =>
        {
            var found = MathAnswer.Find(answer.Text);
            return Grade.Of(wanted.Any(text => comparison.Same(text, found)), $"the result is '{(found.Length <= 100 ? found : $"{found[..100]}…")}'");
        });
    }
}
