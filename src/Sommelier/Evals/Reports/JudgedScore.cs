using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Reports;

/// <summary>What judges made of an answer, and what people did.</summary>
/// <param name="Judge">The weighted mean of the judges' expectations, 0 to 1.</param>
/// <param name="People">The mean of people's; null where nobody has labelled it.</param>
internal sealed record JudgedScore(double Judge, double? People)
{
    /// <summary>Of a result; null when no judge had a say.</summary>
    public static JudgedScore? Of(EvalResult result)
    {
        var judges = result.Grades.Where(static grade => grade.State != GradeState.Missing && IsJudge(grade.Kind)).ToList();
        var people = result.Grades.Where(static grade => grade.State != GradeState.Missing && string.Equals(Bare(grade.Kind), HumanGrader.Kind.Name, StringComparison.Ordinal)).ToList();
        return judges.Count == 0 ? null : new(
            judges.Sum(static grade => grade.Weight) is > 0 and var weights ? judges.Sum(static grade => grade.Weight * grade.Score) / weights : judges.Average(static grade => grade.Score),
            people.Count == 0 ? null : people.Average(static grade => grade.Score));
    }

    // A set may hold anything: what it says is not a judge's alone.
    private static bool IsJudge(string kind) => GraderRegistry.Find(Bare(kind)) is { IsJudge: true } found && !ReferenceEquals(found, SetGrader.Kind);

    private static string Bare(string kind) => kind.StartsWith(SuiteKeys.Not, StringComparison.Ordinal) ? kind[SuiteKeys.Not.Length..] : kind;
}
