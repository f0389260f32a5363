namespace Sommelier.Evals.Graders;

/// <summary>One way of judging an answer, made once for each expectation of a case and used from many threads.</summary>
public interface IGrader
{
    /// <summary>Judges one answer. A bad answer is a <see cref="Grade"/>, and so is a judge that could not be asked; nothing is thrown for either.</summary>
    ValueTask<Grade> GradeAsync(GradedAnswer answer, CancellationToken cancellationToken);
}
