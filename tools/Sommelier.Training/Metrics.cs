using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>What is said of a set of judged rows.</summary>
internal sealed record Metrics(int Rows, double Accuracy, double MacroF1, double GroupAccuracy, double Ece)
{
    private const int EceBins = 15;

    public static Metrics Of(IReadOnlyList<Scored> scored, Temperatures temperatures) => scored.Count == 0
        ? new Metrics(0, 0, 0, 0, 0)
        : new Metrics(
            scored.Count,
            Math.Round(scored.Count(item => item.Top == item.Label) / (double)scored.Count, 4),
            Math.Round(F1(scored), 4),
            Math.Round(scored.Count(item => Group(item, temperatures) == item.Label.Group()) / (double)scored.Count, 4),
            Math.Round(CalibrationError(scored, temperatures), 4));

    public static int[][] Confusion(IReadOnlyList<Scored> scored)
    {
        var matrix = Enumerable.Range(0, Intents.Count).Select(_ => new int[Intents.Count]).ToArray();
        foreach (var item in scored)
        {
            matrix[(int)item.Label][(int)item.Top]++;
        }

        return matrix;
    }

    /// <summary>For each threshold: the share answered, and how often the answers are right; every unit counts the same.</summary>
    public static List<(float Threshold, double Answered, double Accuracy)> Abstention(IReadOnlyList<Scored> scored, Temperatures temperatures)
    {
        var sizes = scored.CountBy(Unit).ToDictionary();
        var judged = scored
            .Select(item => (Top: item.Probabilities(temperatures).Max(), Right: item.Top == item.Label, Weight: 1.0 / sizes[Unit(item)]))
            .ToList();
        var curve = new List<(float, double, double)>();
        for (var threshold = 0f; threshold < 0.96f; threshold += 0.05f)
        {
            var answered = judged.Where(item => item.Top >= threshold).ToList();
            var weight = answered.Sum(item => item.Weight);
            curve.Add((threshold, weight / sizes.Count, weight == 0 ? 1 : answered.Where(item => item.Right).Sum(item => item.Weight) / weight));
        }

        return curve;
    }

    /// <summary>The temperatures with the least log loss, a unit's rows weighing (its size)^-<paramref name="balance"/> as in training.</summary>
    public static Temperatures FitTemperatures(IReadOnlyList<Scored> scored, float balance)
    {
        var weights = UnitWeights(scored, balance);
        return new(Fit(scored.Where(item => !item.Row.IsMarked), weights), Fit(scored.Where(item => item.Row.IsMarked), weights));
    }

    /// <summary>The best of those that are the same for every text, every unit counting the same.</summary>
    public static Temperatures FitOne(IReadOnlyList<Scored> scored)
    {
        var one = Fit(scored, UnitWeights(scored, 1));
        return new(one, one);
    }

    private static Dictionary<string, double> UnitWeights(IReadOnlyList<Scored> scored, float balance) =>
        scored.CountBy(Unit).ToDictionary(unit => unit.Key, unit => Math.Pow(unit.Value, -balance), StringComparer.Ordinal);

    private static float Fit(IEnumerable<Scored> scored, Dictionary<string, double> weights)
    {
        List<Scored> judged = [.. scored];
        var best = 1f;
        var least = double.MaxValue;
        for (var temperature = 0.3f; temperature < 4; temperature *= 1.03f)
        {
            var loss = judged.Sum(item =>
                -Math.Log(Math.Max(1e-6f, item.Probabilities(new(temperature, temperature))[(int)item.Label])) * weights[Unit(item)]);
            (least, best) = loss < least ? (loss, temperature) : (least, best);
        }

        return best;
    }

    /// <summary>What counts as one, whatever its size: a source, or our prompts of one language.</summary>
    private static string Unit(Scored item) => OwnCorpus.Has(item.Row) ? item.Row.Language : item.Row.Source;

    private static IntentGroup Group(Scored item, Temperatures temperatures)
    {
        var probabilities = item.Probabilities(temperatures);
        return Enumerable.Range(0, Intents.Count)
            .GroupBy(i => ((Intent)i).Group(), i => probabilities[i])
            .MaxBy(group => group.Sum())!.Key;
    }

    private static double F1(IReadOnlyList<Scored> scored)
    {
        var matrix = Confusion(scored);
        var total = 0.0;
        var labels = 0;
        for (var i = 0; i < Intents.Count; i++)
        {
            var actual = matrix[i].Sum();
            if (actual > 0)
            {
                var predicted = matrix.Sum(line => line[i]);
                total += 2.0 * matrix[i][i] / (actual + predicted);
                labels++;
            }
        }

        return total / labels;
    }

    /// <summary>How much the mean probability of the answers is above the share of them that is right; below zero: not sure enough.</summary>
    public static double TooSure(IReadOnlyList<Scored> scored, Temperatures temperatures) =>
        scored.Average(item => item.Probabilities(temperatures).Max() - (item.Top == item.Label ? 1.0 : 0));

    /// <summary>The mean distance between the two, over fifteen bins of probability: the expected calibration error.</summary>
    public static double CalibrationError(IReadOnlyList<Scored> scored, Temperatures temperatures) => scored
        .Select(item => (Top: item.Probabilities(temperatures).Max(), Right: item.Top == item.Label ? 1.0 : 0))
        .GroupBy(item => Math.Min(EceBins - 1, (int)(item.Top * EceBins)))
        .Sum(bin => Math.Abs(bin.Average(item => item.Top) - bin.Average(item => item.Right)) * bin.Count() / scored.Count);
}
