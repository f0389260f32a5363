using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;

namespace Sommelier.Evals.Suites;

/// <summary>What several graded expectations come to, of a case or of a set.</summary>
/// <remarks>Those of weight 0 are on record and have no say.</remarks>
internal static class ExpectationScore
{
    /// <summary>The weighted mean, 0 when a hard one failed, 1 when none has a say; null when one could not be judged.</summary>
    public static double? Of(IReadOnlyList<GradedExpectation> grades)
    {
        var (sum, weights) = (0.0, 0.0);
        foreach (var grade in grades)
        {
            if (grade.Weight <= 0)
            {
                continue;
            }

            if (grade.State == GradeState.Missing)
            {
                return null;
            }

            sum += grade.Weight * grade.Score;
            weights += grade.Weight;
        }

        return HardFailed(grades) ? 0 : weights > 0 ? sum / weights : 1;
    }

    /// <summary>Whether each is met or, where there is a threshold, whether the score reaches it; never when a hard one failed.</summary>
    public static bool Passes(IReadOnlyList<GradedExpectation> grades, double score, double? threshold) =>
        !HardFailed(grades) && (threshold is { } least ? score >= least : grades.All(static grade => grade.Weight <= 0 || grade.State == GradeState.Passed));

    private static bool HardFailed(IReadOnlyList<GradedExpectation> grades) => grades.Any(static grade => grade is { Hard: true, State: GradeState.Failed, Weight: > 0 });
}
