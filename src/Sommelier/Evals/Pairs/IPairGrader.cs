using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Pairs;

/// <summary>One way of comparing two models' answers to the same case, made once for each comparison of a suite and used from many threads.</summary>
public interface IPairGrader
{
    /// <summary>Compares two answers. Each knows its model; the judges of the first are asked. Nothing is thrown for a bad answer or an absent judge.</summary>
    ValueTask<PairGrade> CompareAsync(GradedAnswer first, GradedAnswer second, CancellationToken cancellationToken);
}
