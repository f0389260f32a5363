using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;
using Sommelier.Tests.Evals.Suites;

namespace Sommelier.Tests.Evals.Runs;

public sealed class CaseGradingTests
{
    [Theory]
    [InlineData("[contains: a, contains: b]", "a b", 1.0, true)]
    [InlineData("[contains: a, contains: b]", "a", 0.5, false)]
    [InlineData("[{ contains: a, weight: 3 }, contains: b]", "a", 0.75, false)]
    [InlineData("[{ contains: a, weight: 3 }, { contains: b, gate: hard }]", "a", 0.0, false)]
    [InlineData("[not-contains: a]", "b", 1.0, true)]
    [InlineData("[not-contains: a]", "a", 0.0, false)]
    public async Task The_score_is_the_weighted_mean_and_a_hard_failure_vetoes(string expect, string answer, double score, bool passed)
    {
        var asked = GivenSuite.Valid($"suite: s\ncases: [{{ input: q, expect: {expect} }}]").Cases[0];

        var graded = await CaseGrading.GradeAsync(asked, CaseGrading.View(asked, new() { Text = answer }, null, NoJudges.Instance), CancellationToken.None);

        Assert.Equal((score, passed), (graded.Score, graded.Passed));
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.6, false)]
    public async Task A_threshold_decides_by_the_score(double threshold, bool passed)
    {
        var asked = GivenSuite.Valid(System.FormattableString.Invariant($"suite: s\ncases: [{{ input: q, threshold: {threshold}, expect: [contains: a, contains: b] }}]")).Cases[0];

        var graded = await CaseGrading.GradeAsync(asked, CaseGrading.View(asked, new() { Text = "a" }, null, NoJudges.Instance), CancellationToken.None);

        Assert.Equal(passed, graded.Passed);
    }

    [Fact]
    public async Task What_cannot_be_judged_leaves_the_case_without_a_score()
    {
        var asked = GivenSuite.Valid("suite: s\ncases: [{ input: q, expect: [contains: a, similar: b] }]").Cases[0];

        var graded = await CaseGrading.GradeAsync(asked, CaseGrading.View(asked, new() { Text = "a" }, null, NoJudges.Instance), CancellationToken.None);

        Assert.Null(graded.Score);
        Assert.False(graded.Passed);
    }
}
