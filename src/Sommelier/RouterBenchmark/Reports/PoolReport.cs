using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Metrics;
using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Reports;

/// <summary>Figures of a run over many models.</summary>
internal static class PoolReport
{
    public static SetReport Of(PoolRun run, long seed)
    {
        var draws = new Resamples(run.Tested, seed);
        var means = run.Results.ToDictionary(r => r.Contestant.Name, r => draws.Means(Scores(run, r.Choices)), StringComparer.Ordinal);
        var money = run.Set.Costs == CostSource.None ? null : new Money(run, draws);
        var best = means.GetValueOrDefault("best-single");
        var table = means.Where(m => m.Key.StartsWith("task-table", StringComparison.Ordinal)).Select(m => m.Value).MaxBy(m => m[^1]);
        List<ReportLine> lines = [];
        List<Curve> curves = [];
        foreach (var result in run.Results)
        {
            var own = means[result.Contestant.Name];
            Dictionary<FigureKind, Estimate> figures = new() { [FigureKind.Accuracy] = Resamples.Of(r => 100 * own[r]) };
            AddDifference(figures, FigureKind.OverBest, own, best);
            AddDifference(figures, FigureKind.OverTable, own, table);
            money?.Add(result, own, figures, curves);
            lines.Add(new(result.Contestant, figures));
        }

        return new(run.Set, run.Tested.Count, run.Tested.Select(r => r.Question).Distinct().Count(), Kinds(lines), lines, curves);
    }

    /// <summary>What each row scored by its choice.</summary>
    public static double[] Scores(PoolRun run, int[] choices) =>
        [.. choices.Select((k, i) => k == IPoolRouter.EachAlike ? run.Tested[i].Scores.Average() : run.Tested[i].Scores[k])];

    private static void AddDifference(Dictionary<FigureKind, Estimate> figures, FigureKind kind, double[] own, double[]? other)
    {
        if (other is not null && !ReferenceEquals(own, other))
        {
            figures[kind] = Resamples.Of(r => 100 * (own[r] - other[r]));
        }
    }

    private static IReadOnlyList<FigureKind> Kinds(List<ReportLine> lines)
    {
        FigureKind[] order =
        [
            FigureKind.Accuracy, FigureKind.OverBest, FigureKind.OverTable, FigureKind.Usd, FigureKind.CostShare, FigureKind.Aiq, FigureKind.Arena,
            FigureKind.Selection, FigureKind.OptimalCost, FigureKind.OptimalAccuracy,
        ];
        return [.. order.Where(kind => lines.Exists(l => l.Figures.ContainsKey(kind)))];
    }

    // The figures that need costs, and what they share.
    private sealed class Money(PoolRun run, Resamples draws)
    {
        private readonly double[] bestUsd = draws.Means(Costs(run, run.Results.FirstOrDefault(r => r.Contestant.Name is "best-single")?.Choices ?? []));
        private readonly double[] best = draws.Means([.. run.Tested.Select(r => r.Scores[Oracle.Best(r)])]);
        private readonly double[] answerable = draws.Means([.. run.Tested.Select(OptimalChoice.Answerable)]);
        private readonly double[] least = draws.Means([.. run.Tested.Select(OptimalChoice.LeastUsd)]);
        private readonly double[][] singles = [.. Enumerable.Range(0, run.Set.Models.Count).Select(k => draws.Means([.. run.Tested.Select(r => r.Costs![k])]))];

        public void Add(PoolResult result, double[] scores, Dictionary<FigureKind, Estimate> figures, List<Curve> curves)
        {
            var usd = draws.Means(Costs(run, result.Choices));
            var paidForAnswerable = draws.Means([.. Costs(run, result.Choices).Select((c, i) => c * OptimalChoice.Answerable(run.Tested[i]))]);
            var selected = draws.Means([.. result.Choices.Select((k, i) => OptimalChoice.Selected(run.Tested[i], k))]);
            figures[FigureKind.Usd] = Resamples.Of(r => 1_000 * usd[r]);
            if (bestUsd[^1] > 0)
            {
                figures[FigureKind.CostShare] = Resamples.Of(r => usd[r] / bestUsd[r]);
            }

            figures[FigureKind.Arena] = Resamples.Of(r => ArenaScore.Of(scores[r], 1_000 * usd[r]));
            figures[FigureKind.Selection] = Resamples.Of(r => 100 * selected[r] / answerable[r]);
            figures[FigureKind.OptimalCost] = Resamples.Of(r => 100 * least[r] / paidForAnswerable[r]);
            figures[FigureKind.OptimalAccuracy] = Resamples.Of(r => 100 * scores[r] / best[r]);
            if (result.Settings.Length > 0)
            {
                var points = Array.ConvertAll(result.Settings, s => (Usd: draws.Means(Costs(run, s)), Score: draws.Means(Scores(run, s))));
                figures[FigureKind.Aiq] = Resamples.Of(r => 100 * Aiq.Of(points.Select(p => (p.Usd[r], p.Score[r])), singles.Min(s => s[r]), singles.Max(s => s[r])));
                curves.Add(new(result.Contestant, [.. points.Select(p => (1_000 * p.Usd[^1], 100 * p.Score[^1])).Distinct()]));
            }
        }

        private static double[] Costs(PoolRun run, int[] choices) =>
            choices.Length == 0 ? new double[run.Tested.Count]
            : [.. choices.Select((k, i) => k == IPoolRouter.EachAlike ? run.Tested[i].Costs!.Average() : run.Tested[i].Costs![k])];
    }
}
