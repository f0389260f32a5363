using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>The success predictor for a pair: predicted strong score less predicted weak score.</summary>
/// <param name="labels">How many labelled questions it learns from; null for all of the train side.</param>
/// <param name="textOnly">True: the file's tasks are hidden from it.</param>
internal sealed class PairPredictor(int? labels, bool textOnly) : IPairContestant
{
    public string Name => "predictor" + (textOnly ? "@text" : "") + (labels is { } n ? $"-{n}" : "");

    public string What => $"the success predictor from {(labels is { } n ? $"{n} labels" : "all labels of the train side")}{(textOnly ? ", of the text alone" : "")}";

    public Standing Standing => Standing.Ours;

    public bool CanEnter(OutcomeSet set) => set.IsPair && (labels ?? 0) < set.Rows.Count && (!textOnly || set.Rows.Any(r => r.Task.Count > 0));

    public Func<OutcomeRow, double> Learn(TrainSide train)
    {
        var all = textOnly ? train.WithoutTasks : train;
        var predictor = (labels is { } n ? all.Sample(n) : all).Predictor;
        var scores = new double[2];
        return row =>
        {
            predictor.Predict(row.Labelled.Features, textOnly ? [] : row.Task, scores);
            return scores[1] - scores[0];
        };
    }
}
