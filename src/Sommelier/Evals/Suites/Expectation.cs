using System.Globalization;
using System.Text.RegularExpressions;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;

namespace Sommelier.Evals.Suites;

/// <summary>One thing that an answer is held to.</summary>
internal sealed record Expectation
{
    /// <summary>The word of the suite, e.g. <c>contains</c> or <c>not-contains</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Whether it is met when the grader says no.</summary>
    public bool Negated { get; init; }

    /// <summary>Judges the answer.</summary>
    public required IGrader Grader { get; init; }

    /// <summary>Its share of the case's score.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The name under which reports sum it up; null for none.</summary>
    public string? Metric { get; init; }

    /// <summary>Whether a case that fails it scores nothing at all.</summary>
    public bool Hard { get; init; }

    /// <summary>Whether it needs nothing but a processor: no model, no script, no program, and a limited time.</summary>
    public bool OnlyComputes => Grader is TimedGrader or SetGrader { OnlyComputes: true };

    /// <summary>What it says of an answer, reversed where it is reversed.</summary>
    public async ValueTask<GradedExpectation> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        var grade = await JudgedAsync(answer, cancellationToken);
        var (state, score, reason) = (grade.State, grade.Score, grade.Reason);
        if (Negated && state != GradeState.Missing && !grade.IsFinal)
        {
            score = 1 - score;
            reason = state == GradeState.Passed ? $"{Kind[SuiteKeys.Not.Length..]} holds, and must not" : "";
            state = state == GradeState.Passed ? GradeState.Failed : GradeState.Passed;
        }

        return new(Kind, Metric, Weight, Hard, state, score, reason);
    }

    // Patterns have limits by the clock, which a busy machine may meet; that says nothing about the answer, and must not end the run.
    private async ValueTask<Grade> JudgedAsync(GradedAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            return await Grader.GradeAsync(answer, cancellationToken);
        }
        catch (RegexMatchTimeoutException late)
        {
            return Grade.Missing(string.Create(CultureInfo.InvariantCulture, $"{Kind} looked for a pattern for longer than {late.MatchTimeout.TotalSeconds:0.###} s, its limit"));
        }
    }
}
