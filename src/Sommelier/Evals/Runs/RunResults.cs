namespace Sommelier.Evals.Runs;

/// <summary>What a run has so far: the last line of each item.</summary>
internal sealed class RunResults
{
    private readonly Dictionary<ResultKey, EvalResult> last = [];

    private RunResults()
    {
    }

    /// <summary>USD spent, what came to nothing included.</summary>
    public decimal SpentUsd { get; private set; }

    /// <summary>The results, one for each item.</summary>
    public IReadOnlyCollection<EvalResult> All => last.Values;

    /// <summary>Reads a log; empty when there is none.</summary>
    /// <param name="path">It.</param>
    /// <param name="judgingUsd">What the run's judges have cost.</param>
    public static RunResults Read(string path, decimal judgingUsd = 0)
    {
        var results = new RunResults { SpentUsd = judgingUsd };
        foreach (var result in ResultLog.Read(path))
        {
            results.last[result.Key] = result;
            results.SpentUsd += result.SpentUsd;
        }

        return results;
    }

    /// <summary>The result of an item, or null.</summary>
    public EvalResult? Find(ResultKey key) => last.GetValueOrDefault(key);

    /// <summary>Whether an item has an answer that was graded.</summary>
    public bool IsDone(ResultKey key) => Find(key) is { Answer: not null, Score: not null };
}
