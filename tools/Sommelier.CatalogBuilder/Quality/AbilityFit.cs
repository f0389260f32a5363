using Sommelier.Canonical;

namespace Sommelier.CatalogBuilder.Quality;

/// <summary>What the boards say of one model: ability overall and per intent, in standard deviations of the measured models.</summary>
public sealed record Measured(string Model, double Overall, double[] ByIntent, double[] ItemsByIntent, string[] Evidence, string AllEvidence, int Columns);

/// <summary>Puts scores of different tasks, efforts and boards on one scale.</summary>
/// <remarks>
/// Log odds, standardised per column (a column that spreads wide must not count for more); the effect of a reasoning effort
/// is one number for each, fitted by least squares on models measured at several, and taken off, so that a model measured
/// at maximal effort only is not flattered. tau2-bench and Aider are moved onto LiveBench's scale over the models that
/// stand on both (mean-sigma linking).
/// </remarks>
public static class AbilityFit
{
    /// <summary>Fits every model that a board measures.</summary>
    public static List<Measured> Fit(SourceTable table, List<Score> scores, TextWriter report)
    {
        var standard = Standardise(scores);
        var effort = EffortEffects(standard.Where(s => s.Score.Board.Id == "livebench").ToList());
        report.WriteLine("reasoning effort, in standard deviations: " + string.Join(", ", Board.Efforts.Select((e, i) => $"{e} {effort[i]:+0.00;-0.00}")));
        List<(Score Score, double Z)> level = standard.Select(s => (s.Score, s.Z - effort[s.Score.Effort])).ToList();

        var anchor = level.Where(s => s.Score.Board.Id == "livebench").GroupBy(s => s.Score.Model).ToDictionary(g => g.Key, g => g.Average(s => s.Z));
        var linked = level.GroupBy(s => (s.Score.Board, s.Score.Column)).SelectMany(g => g.Key.Board.Id == "livebench" ? g : Link(g.ToList(), anchor, report)).ToList();
        return linked.GroupBy(s => s.Score.Model, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => Summarise(table, g.Key, g.ToList()))
            .ToList();
    }

    private static List<(Score Score, double Z)> Standardise(List<Score> scores) => scores
        .GroupBy(s => (s.Board.Id, s.Column.Name))
        .SelectMany(g =>
        {
            var odds = g.Select(s => LogOdds(s.Share, s.Column.Items)).ToArray();
            var mean = odds.Average();
            var sd = Math.Sqrt(odds.Average(o => (o - mean) * (o - mean)));
            return g.Zip(odds, (s, o) => (s, (o - mean) / sd));
        })
        .ToList();

    /// <summary>Half an item is added to both sides: nought of twenty is not minus infinity.</summary>
    private static double LogOdds(double share, int items) => Math.Log(((share * items) + 0.5) / (((1 - share) * items) + 0.5));

    private static double[] EffortEffects(List<(Score Score, double Z)> scores)
    {
        var rows = scores.GroupBy(s => (s.Score.Model, s.Score.Effort)).Select(g => (g.Key.Model, g.Key.Effort, Z: g.Average(s => s.Z))).ToList();
        var effects = new double[Board.Efforts.Length];
        for (var round = 0; round < 200; round++)
        {
            var ability = rows.GroupBy(r => r.Model).ToDictionary(g => g.Key, g => g.Average(r => r.Z - effects[r.Effort]));
            for (var e = 1; e < effects.Length; e++)
            {
                var of = rows.Where(r => r.Effort == e).ToList();
                effects[e] = of.Count == 0 ? 0 : of.Average(r => r.Z - ability[r.Model]);
            }

            // The reference is what callers get when they ask for nothing: between medium and high, and "default" where there are no levels.
            var reference = (effects[3] + effects[4]) / 2;
            for (var e = 1; e < effects.Length; e++)
            {
                effects[e] -= reference;
            }
        }

        return effects;
    }

    private static IEnumerable<(Score Score, double Z)> Link(List<(Score Score, double Z)> column, Dictionary<string, double> anchor, TextWriter report)
    {
        var byModel = column.GroupBy(s => s.Score.Model).ToDictionary(g => g.Key, g => g.Average(s => s.Z));
        var common = byModel.Where(m => anchor.ContainsKey(m.Key)).OrderBy(m => m.Key, StringComparer.Ordinal).ToList();
        var (mean, sd) = Moments(common.Select(c => c.Value).ToArray());
        var (anchorMean, anchorSd) = Moments(common.Select(c => anchor[c.Key]).ToArray());
        var correlation = common.Average(c => (c.Value - mean) * (anchor[c.Key] - anchorMean)) / (sd * anchorSd);
        report.WriteLine($"{column[0].Score.Board.Id} {column[0].Score.Column.Name}: {common.Count} models in common with livebench, r = {correlation:0.00}");
        return column.Select(s => (s.Score, anchorMean + ((s.Z - mean) / sd * anchorSd)));
    }

    private static (double Mean, double Sd) Moments(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(v => (v - mean) * (v - mean))));
    }

    private static Measured Summarise(SourceTable table, string model, List<(Score Score, double Z)> scores)
    {
        // Rows of several efforts are one measurement of the model: their columns are averaged, their items counted once.
        var columns = scores.GroupBy(s => (s.Score.Board, s.Score.Column)).Select(g => (g.Key.Board, g.Key.Column, Z: g.Average(s => s.Z))).ToList();
        var by = new double[Intents.Count];
        var items = new double[Intents.Count];
        var evidence = new string[Intents.Count];
        for (var t = 0; t < Intents.Count; t++)
        {
            var mine = columns.Where(c => c.Column.Weights[t] > 0).ToList();
            items[t] = mine.Sum(c => c.Column.Weights[t] * c.Column.Items);
            by[t] = items[t] > 0 ? mine.Sum(c => c.Column.Weights[t] * c.Column.Items * c.Z) / items[t] : 0;
            evidence[t] = Describe(mine.Select(c => c.Board));
        }

        return new(model, columns.Average(c => c.Z), by, items, evidence, Describe(columns.Select(c => c.Board)), columns.Count);
    }

    private static string Describe(IEnumerable<Board> boards) =>
        string.Join(" + ", boards.GroupBy(b => b).Select(g => $"{g.Key.Id} {g.Key.Date} n={g.Count()} task{(g.Count() == 1 ? "" : "s")}"));
}
