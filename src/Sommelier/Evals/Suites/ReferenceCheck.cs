using Sommelier.Configuration;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;

namespace Sommelier.Evals.Suites;

/// <summary>Holds each case's reference answer to the case's own expectations: one that fails them says that the case is wrong.</summary>
internal static class ReferenceCheck
{
    // Their verdict is not about the text, or takes a program that may not be installed.
    private static readonly string[] Passed = ["latency", "cost", "code", "human"];

    /// <summary>A warning for each case whose reference answer fails; expectations that take a judge are passed over.</summary>
    public static IReadOnlyList<ConfigProblem> Problems(Suite suite)
    {
        var problems = new List<ConfigProblem>();
        foreach (var asked in suite.Cases)
        {
            if (asked.Reference is not { } reference)
            {
                continue;
            }

            var view = CaseGrading.View(asked, new() { Text = reference.Text, ToolCalls = reference.ToolCalls }, null, NoJudges.Instance);
            foreach (var expectation in asked.Expectations.Where(static one => !Passed.Contains(one.Kind, StringComparer.Ordinal)))
            {
                var grading = CaseGrading.GradeAsync(asked with { Expectations = [expectation] }, view, CancellationToken.None);
                if (grading is { IsCompletedSuccessfully: true, Result.Grades: [{ State: GradeState.Failed } grade] })
                {
                    problems.Add(new(new(suite.File, 0, 0), $"case {asked.Id}", $"its reference answer fails {grade.Kind}{(grade.Reason.Length > 0 ? $": {grade.Reason}" : "")}", "Correct the reference or the expectation", ConfigSeverity.Warning));
                }
            }
        }

        return problems;
    }
}
