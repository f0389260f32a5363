namespace Sommelier.Evals.Graders;

/// <summary>A grader that needs nothing but the answer: most are one function.</summary>
internal sealed class FunctionGrader(Func<GradedAnswer, Grade> check) : IComputedGrader
{
    /// <inheritdoc/>
    public Grade Judge(GradedAnswer answer) => check(answer);
}
