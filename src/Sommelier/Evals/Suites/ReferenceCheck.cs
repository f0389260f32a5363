using Sommelier.Configuration;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;

namespace Sommelier.Evals.Suites;

/// <summary>Holds each case's reference answer to the case's own expectations: one that fails them says that the case is wrong.</summary>
internal static class ReferenceCheck
{
    // Their verdict is not about the text.
    private static readonly string[] Passed = ["latency", "cost", "human"];

    /// <summary>A warning for each case whose reference answer fails; expectations that ask a judge or run something are passed over.</summary>
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
            foreach (var expectation in asked.Expectations.Where(static one => one.OnlyComputes && !Passed.Contains(one.Kind, StringComparer.Ordinal)))
            {
                // It waits for a processor, and for no longer than the expectation may take.
                var grade = expectation.GradeAsync(view, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                if (grade.State == GradeState.Failed)
                {
                    problems.Add(new(new(suite.File, 0, 0), $"case {asked.Id}", $"its reference answer fails {grade.Kind}{(grade.Reason.Length > 0 ? $": {grade.Reason}" : "")}", "Correct the reference or the expectation", ConfigSeverity.Warning));
                }
            }
        }

        return problems;
    }
}
