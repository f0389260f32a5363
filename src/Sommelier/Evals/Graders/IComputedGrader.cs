namespace Sommelier.Evals.Graders;

/// <summary>A grader that only computes: no model, no script, no process. It cannot be interrupted, so it is contained (<see cref="TimedGrader"/>).</summary>
internal interface IComputedGrader : IGrader
{
    /// <summary>Judges one answer.</summary>
    Grade Judge(GradedAnswer answer);

    /// <inheritdoc/>
    ValueTask<Grade> IGrader.GradeAsync(GradedAnswer answer, CancellationToken cancellationToken) => new(Judge(answer));
}
