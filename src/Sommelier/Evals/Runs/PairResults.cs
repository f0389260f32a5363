namespace Sommelier.Evals.Runs;

/// <summary>The comparisons that a run has so far: the last line of each.</summary>
internal sealed class PairResults
{
    private readonly Dictionary<PairKey, PairResult> last = [];

    private PairResults()
    {
    }

    /// <summary>None.</summary>
    public static PairResults Empty { get; } = new();

    /// <summary>The results, one for each comparison.</summary>
    public IReadOnlyCollection<PairResult> All => last.Values;

    /// <summary>Reads a log; empty when there is none.</summary>
    public static PairResults Read(string path)
    {
        var results = new PairResults();
        foreach (var (_, line) in LineLog.Read(path))
        {
            if (PairResult.Read(line) is { } result)
            {
                results.last[result.Key] = result;
            }
        }

        return results;
    }

    /// <summary>Whether these answers were compared, with a verdict.</summary>
    public bool IsDone(PairKey key, string answers) =>
        last.TryGetValue(key, out var result) && result.Grade.Winner != Pairs.PairWinner.Missing && string.Equals(result.Answers, answers, StringComparison.Ordinal);
}
