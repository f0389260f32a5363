using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark;

/// <summary>What one contestant did on the test side.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Choices">The model of each question, or <see cref="IPoolRouter.EachAlike"/>.</param>
/// <param name="Settings">The same at each of its settings; empty when it has none.</param>
internal sealed record PoolResult(IContestant Contestant, int[] Choices, int[][] Settings);

/// <summary>What all contestants did on a set of many models.</summary>
internal sealed record PoolRun(OutcomeSet Set, IReadOnlyList<OutcomeRow> Tested, IReadOnlyList<PoolResult> Results)
{
    /// <summary>Runs contestants over the parts of a set: each question is routed once, by contestants that learnt from the other parts.</summary>
    public static PoolRun Of(OutcomeSet set, IReadOnlyList<IPoolContestant> contestants, IReadOnlyList<Part> parts, CancellationToken cancellation)
    {
        var entered = contestants.Where(c => c.CanEnter(set)).ToList();
        var tested = parts.SelectMany(p => p.Test).ToList();
        var done = new (int[] Choices, int[][] Settings)[parts.Count][];
        Parallel.For(0, parts.Count, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, p =>
            done[p] = [.. entered.Select(c => Route(c.Learn(parts[p].Train), parts[p].Test))]);
        return new(set, tested, [.. entered.Select((c, i) => new PoolResult(
            c,
            [.. done.SelectMany(d => d[i].Choices)],
            [.. Enumerable.Range(0, done[0][i].Settings.Length).Select(s => done.SelectMany(d => d[i].Settings[s]).ToArray())]))]);
    }

    private static (int[] Choices, int[][] Settings) Route(IPoolRouter router, IReadOnlyList<OutcomeRow> rows) =>
        ([.. rows.Select(router.Choose)],
        [.. Enumerable.Range(0, router.Settings).Select(s => rows.Select(r => router.ChooseAt(r, s)).ToArray())]);
}
