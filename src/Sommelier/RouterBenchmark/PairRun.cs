using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark;

/// <summary>How much each question of the test side needs the strong model, by one contestant: its place among its part's, 0 to 1.</summary>
internal sealed record PairResult(IContestant Contestant, double[] Scores);

/// <summary>What all contestants did on a pair.</summary>
internal sealed record PairRun(OutcomeSet Set, IReadOnlyList<OutcomeRow> Tested, IReadOnlyList<PairResult> Results)
{
    /// <summary>Runs contestants over the parts of a set, as <see cref="PoolRun.Of"/> does.</summary>
    public static PairRun Of(OutcomeSet set, IReadOnlyList<IPairContestant> contestants, IReadOnlyList<Part> parts, CancellationToken cancellation)
    {
        var entered = contestants.Where(c => c.CanEnter(set)).ToList();
        var done = new double[parts.Count][][];
        Parallel.For(0, parts.Count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, p =>
            done[p] = [.. entered.Select(c => Places([.. parts[p].Test.Select(c.Learn(parts[p].Train))]))]);
        return new(set, [.. parts.SelectMany(p => p.Test)], [.. entered.Select((c, i) => new PairResult(c, [.. done.SelectMany(d => d[i])]))]);
    }

    // Contestants of two parts learnt apart, so their scores are not on one scale; their places are. Equal scores share one.
    private static double[] Places(double[] scores)
    {
        var order = Enumerable.Range(0, scores.Length).OrderBy(i => scores[i]).ToArray();
        var places = new double[scores.Length];
        for (var from = 0; from < order.Length;)
        {
            var to = from;
            while (to < order.Length && scores[order[to]] == scores[order[from]])
            {
                to++;
            }

            for (var i = from; i < to; i++)
            {
                places[order[i]] = (from + to) / 2.0 / scores.Length;
            }

            from = to;
        }

        return places;
    }
}
