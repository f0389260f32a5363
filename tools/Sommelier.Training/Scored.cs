using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>A judged row: what it is, and the raw scores it got.</summary>
internal sealed record Scored(Row Row, float[] Scores)
{
    /// <summary>What it is judged by.</summary>
    public Intent Label { get; init; } = Row.Label;

    public Intent Top => (Intent)Array.IndexOf(Scores, Scores.Max());

    /// <summary>The same, judged by the label that its source gives, right or wrong.</summary>
    public Scored BySource() => this with { Label = Row.SourceLabel };

    /// <summary>Which temperature serving takes for it.</summary>
    public float Temperature(Temperatures temperatures) => Row.IsMarked ? temperatures.Marked : temperatures.Plain;

    public float[] Probabilities(Temperatures temperatures)
    {
        var copy = Scores.ToArray();
        IntentClassifier.Probabilities(copy, Temperature(temperatures));
        return copy;
    }

    /// <summary>What serving makes of it: what the request holds beside its texts counts too.</summary>
    public Scored AsServed(Temperatures temperatures)
    {
        var temperature = Temperature(temperatures);
        var scores = Array.ConvertAll(Scores, score => score / temperature);
        ContextPriors.Add(Row.Input(), scores);
        return this with { Scores = Array.ConvertAll(scores, score => score * temperature) };
    }

    /// <summary>What the weights that are built in say, as served: those that the new ones are to replace. At temperature 1.</summary>
    public static List<Scored> Former(IntentClassifier former, IEnumerable<Row> rows) =>
    [
        .. rows.Select(row =>
        {
            var probabilities = new float[Intents.Count];
            former.Classify(row.Input(), probabilities);
            return new Scored(row, Array.ConvertAll(probabilities, p => MathF.Log(MathF.Max(p, 1e-9f))));
        }),
    ];

    public static List<Scored> All(LinearModel model, IEnumerable<Row> rows)
    {
        var scored = new List<Scored>();
        foreach (var row in rows)
        {
            var scores = new float[Intents.Count];
            model.Score(row, scores);
            scored.Add(new Scored(row, scores));
        }

        return scored;
    }
}
