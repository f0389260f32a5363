using System.Diagnostics;
using Sommelier.Canonical;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;

namespace Sommelier.Tests.Evals.Graders;

public sealed class TimedGraderTests
{
    private static readonly GradedAnswer Answer = new() { Text = "x" };
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task What_takes_too_long_is_missing_names_the_grader_and_its_limit_and_leaves_the_rest_alone()
    {
        using var release = new ManualResetEventSlim();
        var hangs = Hanging("hangs", release);
        var fine = new TimedGrader("fine", new FunctionGrader(static _ => Grade.Fail("no")), TimeSpan.FromSeconds(60));
        Assert.Equal(GradeState.Failed, (await fine.GradeAsync(Answer, TestContext.Current.CancellationToken)).State);

        var asked = new SuiteCase { Id = "a", Intent = Intent.KnowledgeQa, Cluster = "a", Body = default, Input = "", Expectations = [new() { Kind = "hangs", Grader = hangs }, new() { Kind = "not-hangs", Negated = true, Grader = hangs }, new() { Kind = "fine", Grader = fine }] };
        var (grades, score, passed) = await CaseGrading.GradeAsync(asked, Answer, TestContext.Current.CancellationToken);

        Assert.Equal("hangs took longer than 0.05 s, its limit (timeout_seconds)", grades[0].Reason);
        Assert.Equal([GradeState.Missing, GradeState.Missing, GradeState.Failed], grades.Select(static grade => grade.State));
        Assert.Null(score);
        Assert.False(passed);
        release.Set();
    }

    [Fact]
    public async Task Of_those_that_still_run_beyond_their_limit_there_are_never_many_and_who_comes_back_makes_room()
    {
        using var release = new ManualResetEventSlim();
        var begun = 0;
        var grader = Hanging("crowds", release, () => Interlocked.Increment(ref begun));
        for (var i = 0; i < 5; i++)
        {
            var grade = await grader.GradeAsync(Answer, TestContext.Current.CancellationToken);
            Assert.Equal(GradeState.Missing, grade.State);
            Assert.Equal(i >= TimedGrader.MostLeft, grade.Reason.Contains("was not begun", StringComparison.Ordinal));
        }

        Assert.Equal(TimedGrader.MostLeft, begun);
        release.Set();
        var clock = Stopwatch.StartNew();
        while ((await grader.GradeAsync(Answer, TestContext.Current.CancellationToken)).State != GradeState.Passed)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_pattern_that_meets_its_limit_is_missing_whoever_looked_for_it()
    {
        var judge = new Expectation { Kind = "llm-rubric", Grader = new FunctionGrader(static _ => throw new System.Text.RegularExpressions.RegexMatchTimeoutException("x", "y", TimeSpan.FromSeconds(2))) };

        var grade = await judge.GradeAsync(Answer, TestContext.Current.CancellationToken);

        Assert.Equal((GradeState.Missing, "llm-rubric looked for a pattern for longer than 2 s, its limit"), (grade.State, grade.Reason));
    }

    [Fact]
    public async Task Who_gives_the_run_up_does_not_wait_for_a_grader()
    {
        using var release = new ManualResetEventSlim();
        using var over = new CancellationTokenSource(Soon);
        var grader = new TimedGrader("waits", new FunctionGrader(_ => { release.Wait(TimeSpan.FromSeconds(60)); return Grade.Pass; }), TimeSpan.FromSeconds(60));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await grader.GradeAsync(Answer, over.Token));
        release.Set();
    }

    [Fact]
    public void Each_kind_that_only_computes_is_bounded_and_the_rest_has_a_limit_of_its_own()
    {
        // They ask a model, whose call has limits, or run something with timeout_seconds of its own.
        string[] own = ["similar", "code", "javascript", "llm-rubric", "factuality", "closed-qa", "set"];
        Assert.Equal(own, GraderRegistry.All.Where(static kind => TimedGrader.Create(kind, Settings(kind)) is not TimedGrader).Select(static kind => kind.Name));
    }

    private static GraderSettings Settings(GraderKind kind) => new(GraderDocumentTests.Expectation(kind.Example), Path.GetTempPath(), default, "", []);

    private static TimedGrader Hanging(string name, ManualResetEventSlim release, Action? begin = null) => new(
        name,
        new FunctionGrader(_ =>
        {
            begin?.Invoke();
            release.Wait(TimeSpan.FromSeconds(60));
            return Grade.Pass;
        }),
        Soon);
}
