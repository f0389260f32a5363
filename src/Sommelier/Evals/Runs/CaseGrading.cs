using Sommelier.Evals.Graders;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>Holds an answer to what its case expects.</summary>
/// <remarks>
/// The score is the weighted mean of the expectations' scores. A hard expectation that is not met makes it 0. A case passes
/// when each expectation is met or, where it has a threshold, when its score reaches it and no hard one failed. An
/// expectation that could not be judged leaves the case without a score: missing, not wrong.
/// </remarks>
internal static class CaseGrading
{
    /// <summary>Grades, score and whether the case passed; the score is null when it could not be judged.</summary>
    public static async Task<(IReadOnlyList<GradedExpectation> Grades, double? Score, bool Passed)> GradeAsync(SuiteCase asked, GradedAnswer answer, CancellationToken cancellationToken)
    {
        var grades = new GradedExpectation[asked.Expectations.Count];
        for (var i = 0; i < grades.Length; i++)
        {
            grades[i] = await asked.Expectations[i].GradeAsync(answer, cancellationToken);
        }

        var score = ExpectationScore.Of(grades);
        return (grades, score, score is { } known && ExpectationScore.Passes(grades, known, asked.Threshold));
    }

    /// <summary>What a case's answer looks like to a grader.</summary>
    public static GradedAnswer View(SuiteCase asked, EvalAnswer answer, string? model, IJudgeModels judges) => new()
    {
        Case = asked.Id,
        Text = answer.Text,
        Input = asked.Input,
        ToolCalls = answer.ToolCalls,
        Tools = asked.Tools,
        FinishReason = answer.FinishReason is { } kind ? new(kind) : null,
        Variables = asked.Variables,
        Latency = answer.Latency,
        CostUsd = answer.CostUsd,
        Model = model,
        Judges = judges,
    };
}
