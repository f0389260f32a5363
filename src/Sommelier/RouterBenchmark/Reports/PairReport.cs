using Sommelier.RouterBenchmark.Metrics;

namespace Sommelier.RouterBenchmark.Reports;

/// <summary>Figures of a run between a weak and a strong model.</summary>
internal static class PairReport
{
    public static SetReport Of(PairRun run, long seed)
    {
        var draws = new Resamples(run.Tested, seed);
        List<ReportLine> lines = [];
        List<Curve> curves = [];
        foreach (var result in run.Results)
        {
            int[] order = [.. Enumerable.Range(0, result.Scores.Length).OrderBy(i => result.Scores[i])];
            PairScore[] pairs = [.. order.Select(i => new PairScore(result.Scores[i], run.Tested[i].Scores[0], run.Tested[i].Scores[1]))];
            var whole = PairCurve.Of(pairs, []);
            var rounds = new PairCurve[Resamples.Rounds + 1];
            rounds[^1] = whole;
            var times = new int[order.Length];
            for (var round = 0; round < Resamples.Rounds; round++)
            {
                var drawn = draws.Times(round);
                for (var i = 0; i < order.Length; i++)
                {
                    times[i] = drawn[order[i]];
                }

                rounds[round] = PairCurve.Of(pairs, times);
            }

            lines.Add(new(result.Contestant, new Dictionary<FigureKind, Estimate>
            {
                [FigureKind.Apgr] = Resamples.Of(r => Apgr.Of(rounds[r])),
                [FigureKind.Cpt50] = Resamples.Of(r => 100 * Cpt.Of(rounds[r], 0.5)),
                [FigureKind.Cpt80] = Resamples.Of(r => 100 * Cpt.Of(rounds[r], 0.8)),
            }));
            curves.Add(new(result.Contestant, [.. whole.Shares.Zip(whole.Quality, (x, y) => (100 * x, 100 * y))]));
        }

        return new(run.Set, run.Tested.Count, run.Tested.Select(r => r.Question).Distinct().Count(), [FigureKind.Apgr, FigureKind.Cpt50, FigureKind.Cpt80], lines, curves);
    }
}
