namespace Sommelier.Evals.Graders;

/// <summary>A grader that needs nothing but the answer: most are one function.</summary>
internal sealed class FunctionGrader(Func<GradedAnswer, Grade> check) : IGrader
{
    /// <inheritdoc/>
    public ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken) => new(check(answer));
}
