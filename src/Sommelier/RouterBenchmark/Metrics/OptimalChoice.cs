using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Metrics;

/// <summary>RouterArena's optimal-selection figures of one question: against the cheapest model that answers it as well as any.</summary>
/// <remarks>RouterArena's README: selection = share that chose that model; cost = its cost over what was paid; both over questions that some model answers.</remarks>
internal static class OptimalChoice
{
    /// <summary>1 when some model scores on the question, else 0.</summary>
    public static double Answerable(OutcomeRow row) => row.Scores[Oracle.Best(row)] > 0 ? 1 : 0;

    /// <summary>1 when the choice is the cheapest of the best, or costs and scores the same.</summary>
    public static double Selected(OutcomeRow row, int choice)
    {
        var best = Oracle.Best(row);
        return Answerable(row) * (choice == IPoolRouter.EachAlike ? 1.0 / row.Scores.Length
            : row.Scores[choice] == row.Scores[best] && row.Costs![choice] <= row.Costs[best] ? 1 : 0);
    }

    /// <summary>What the cheapest of the best would have cost, USD; 0 where nobody answers.</summary>
    public static double LeastUsd(OutcomeRow row) => Answerable(row) * row.Costs![Oracle.Best(row)];
}
