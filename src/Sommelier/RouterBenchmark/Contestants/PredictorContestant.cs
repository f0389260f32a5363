using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>The success predictor, trained on the train side: the model with the highest predicted score, where it is enough above the usual one's.</summary>
/// <param name="textOnly">True: the file's tasks are hidden from it, as in serving.</param>
internal sealed class PredictorContestant(bool textOnly) : IPoolContestant
{
    public string Name => "predictor" + (textOnly ? "@text" : "");

    public string What => "the success predictor: the best model for the prompt, where it looks enough better than the usual one" + (textOnly ? ", of the text alone" : "");

    public Standing Standing => Standing.Ours;

    /// <summary>Whether hiding the tasks leaves something to predict by, and hides something.</summary>
    public static bool TextsAndTasks(OutcomeSet set) => set.Rows.All(r => r.Prompt is not null) && set.Rows.Any(r => r.Task.Count > 0);

    public bool CanEnter(OutcomeSet set) => !set.IsPair && (!textOnly || TextsAndTasks(set));

    public IPoolRouter Learn(TrainSide train)
    {
        var seen = textOnly ? train.WithoutTasks : train;
        var predictor = seen.Predictor;
        var scores = new double[train.Set.Models.Count];
        return new FixedRouter(row =>
        {
            IReadOnlyList<string> task = textOnly ? [] : row.Task;
            predictor.Predict(row.Labelled.Features, task, scores);
            return seen.Margins.First(scores, predictor.Tasks.Find(task).Means, predictor.Tasks.All.Means);
        });
    }
}
