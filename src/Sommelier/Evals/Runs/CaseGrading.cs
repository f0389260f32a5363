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
            var expectation = asked.Expectations[i];
            var grade = await expectation.Grader.GradeAsync(answer, cancellationToken);
            grades[i] = Of(expectation, grade);
        }

        return (grades, Score(grades), Passed(asked, grades));
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

    private static GradedExpectation Of(Expectation expectation, Grade grade)
    {
        var (state, score, reason) = (grade.State, grade.Score, grade.Reason);
        if (expectation.Negated && state != GradeState.Missing)
        {
            score = 1 - score;
            reason = state == GradeState.Passed ? $"{expectation.Kind[SuiteKeys.Not.Length..]} holds, and must not" : "";
            state = state == GradeState.Passed ? GradeState.Failed : GradeState.Passed;
        }

        return new(expectation.Kind, expectation.Metric, expectation.Weight, expectation.Hard, state, score, reason);
    }

    private static double? Score(GradedExpectation[] grades)
    {
        if (Array.Exists(grades, static grade => grade.State == GradeState.Missing))
        {
            return null;
        }

        return Array.Exists(grades, static grade => grade is { Hard: true, State: GradeState.Failed })
            ? 0
            : grades.Sum(static grade => grade.Weight * grade.Score) / grades.Sum(static grade => grade.Weight);
    }

    private static bool Passed(SuiteCase asked, GradedExpectation[] grades)
    {
        if (Score(grades) is not { } score)
        {
            return false;
        }

        return asked.Threshold is { } threshold
            ? score >= threshold && !Array.Exists(grades, static grade => grade is { Hard: true, State: GradeState.Failed })
            : Array.TrueForAll(grades, static grade => grade.State == GradeState.Passed);
    }
}
