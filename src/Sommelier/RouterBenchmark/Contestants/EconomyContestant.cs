using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.Routing.Prediction;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>The success predictor with the strategy <c>weighted</c>: cost weighs as much as keeps the train side within a loss of the best single model.</summary>
/// <param name="name">Its name.</param>
/// <param name="mayLose">The loss that is aimed at, 0.01 for a point.</param>
/// <param name="textOnly">True: the file's tasks are hidden from it, as in serving.</param>
/// <param name="turned">Whether it is also tried with every other weight; those that differ only in the loss would give the same curve.</param>
internal sealed class EconomyContestant(string name, double mayLose, bool textOnly, bool turned) : IPoolContestant
{
    public string Name => name + (textOnly ? "@text" : "");

    public string What => $"the predictor at the least cost that on the train side lost no more than {(mayLose < 0.01 ? "half a point" : "a point")} of the best single model's accuracy{(textOnly ? ", of the text alone" : "")}";

    public Standing Standing => Standing.Ours;

    public bool CanEnter(OutcomeSet set) => !set.IsPair && set.Costs != CostSource.None && (!textOnly || PredictorContestant.TextsAndTasks(set));

    public IPoolRouter Learn(TrainSide train)
    {
        var seen = textOnly ? train.WithoutTasks : train;
        var ladder = CostWeight.Ladder([.. Enumerable.Range(0, train.Set.Models.Count).Select(k => train.Rows.Average(r => r.Costs![k]))]);
        var deployments = train.Costs.Deployments(train.Set.Models, null);
        var unseen = seen.Unseen.Select(u => Believed(seen, u.Scores, u.TaskMeans)).ToArray();
        var usd = seen.Rows.Select(seen.Costs.Of).ToArray();
        var own = CostWeight.Choose(ladder, weight => Routed(seen, unseen, usd, Rank(weight)), mayLose);
        return new Router(seen, textOnly, Rank(own), turned && ladder.Length > 1 ? [.. ladder.Select(Rank)] : []);

        PredictedRank Rank(double weight) => new(deployments, new() { Name = "predictor", Strategy = "weighted", Weights = new(1, weight, 0) });
    }

    private static double[] Believed(TrainSide seen, double[] scores, double[] taskMeans)
    {
        var believed = scores.ToArray();
        seen.Shares.Apply(believed, taskMeans);
        return believed;
    }

    // The mean of what was predicted and of what came of it: the one depends less on which prompts there were, the other owes the predictor nothing.
    private static (double Change, double Usd) Routed(TrainSide seen, double[][] unseen, double[][] usd, PredictedRank rank)
    {
        var best = seen.BestSingle;
        double change = 0, spent = 0;
        for (var i = 0; i < unseen.Length; i++)
        {
            var row = seen.Rows[i];
            var choice = rank.First(unseen[i], usd[i]);
            change += (row.Scores[choice] - row.Scores[best] + unseen[i][choice] - unseen[i][best]) / 2;
            spent += row.Costs![choice];
        }

        return (change / unseen.Length, spent / unseen.Length);
    }

    private sealed class Router(TrainSide seen, bool textOnly, PredictedRank own, PredictedRank[] turned) : IPoolRouter
    {
        private readonly Dictionary<OutcomeRow, (double[] Scores, double[] Usd)> known = [];

        public int Settings => turned.Length;

        public int Choose(OutcomeRow row) => First(row, own);

        public int ChooseAt(OutcomeRow row, int setting) => First(row, turned[setting]);

        private int First(OutcomeRow row, PredictedRank rank)
        {
            if (!known.TryGetValue(row, out var expected))
            {
                IReadOnlyList<string> task = textOnly ? [] : row.Task;
                known[row] = expected = (new double[seen.Set.Models.Count], seen.Costs.Of(row));
                seen.Predictor.Predict(row.Labelled.Features, task, expected.Scores);
                seen.Shares.Apply(expected.Scores, seen.Predictor.Tasks.Find(task).Means);
            }

            return rank.First(expected.Scores, expected.Usd);
        }
    }
}
