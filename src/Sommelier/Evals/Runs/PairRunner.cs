using Sommelier.Evals.Pairs;

namespace Sommelier.Evals.Runs;

/// <summary>Works through a run's comparisons, when their answers are there.</summary>
internal sealed class PairRunner
{
    private readonly Lock telling = new();
    private int done;

    /// <summary>Judge.</summary>
    public required GatewayJudges Judges { get; init; }

    /// <summary>The money.</summary>
    public required SpendMeter Spend { get; init; }

    /// <summary>The answers.</summary>
    public required RunResults Answers { get; init; }

    /// <summary>Takes results.</summary>
    public required LineLog Log { get; init; }

    /// <summary>Is told.</summary>
    public required IRunProgress Progress { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Whether the answers are simulated. A judge could make nothing of them: the one with the higher score counts as better.</summary>
    public bool Simulated { get; init; }

    /// <summary>The most comparisons at once; judges have limits of their own.</summary>
    public required int Concurrency { get; init; }

    /// <summary>Compares what is to be compared, in its order.</summary>
    /// <param name="items">Every comparison of the run.</param>
    /// <param name="before">What was compared before; empty to compare all.</param>
    /// <param name="cancellationToken">Interrupts it; it can be resumed.</param>
    public async Task<RunEnd> RunAsync(IReadOnlyList<PairItem> items, PairResults before, CancellationToken cancellationToken)
    {
        var missing = items.Where(item => item.AnswerOf(item.First, Answers) is not null && item.AnswerOf(item.Second, Answers) is not null && !item.IsDone(Answers, before)).ToList();
        try
        {
            await Parallel.ForEachAsync(missing, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken }, async (item, token) =>
            {
                if (!Judges.Exhausted)
                {
                    await CompareAsync(item, missing.Count, token);
                }
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return RunEnd.Canceled;
        }

        return Judges.Exhausted ? RunEnd.Budget : RunEnd.Complete;
    }

    private async Task CompareAsync(PairItem item, int total, CancellationToken cancellationToken)
    {
        var (first, second) = (item.AnswerOf(item.First, Answers)!, item.AnswerOf(item.Second, Answers)!);
        var judges = Judges.For(item.Suite, item.First, item.Second);
        var grade = Simulated ? ByScore(item) : await item.Suite.Compare!.Grader.CompareAsync(
            CaseGrading.View(item.Case, first, item.First.Deployment.Id, judges),
            CaseGrading.View(item.Case, second, item.Second.Deployment.Id, judges),
            cancellationToken);
        if (Judges.Exhausted && grade.Winner == PairWinner.Missing)
        {
            // Not compared at all: more money will do it.
            return;
        }

        var people = item.Suite.Compare!.Labels.Find(item.Case.Id, item.First.Name, item.Second.Name);
        Log.Append(new PairResult(item.Key, PairItem.Answers(first, second), Time.GetUtcNow(), grade, people), PairResult.Write);
        lock (telling)
        {
            Progress.Compared(++done, total, Spend.SpentUsd);
        }
    }

    private PairGrade ByScore(PairItem item)
    {
        if (ScoreOf(item.First) is not { } first || ScoreOf(item.Second) is not { } second)
        {
            return PairGrade.Missing("an answer has no score, and no judge is asked about simulated ones");
        }

        return new(first > second ? PairWinner.First : first < second ? PairWinner.Second : PairWinner.Tie, 0, 0, "simulated: the answer with the higher score is the better one");

        double? ScoreOf(Candidate model) => Answers.Find(new(item.Suite.Hash, item.Case.Id, model.Name, item.Repeat))?.Score;
    }
}
