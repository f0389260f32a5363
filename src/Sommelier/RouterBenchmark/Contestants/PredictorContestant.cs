using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.Routing;
using Sommelier.Routing.Prediction;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>The success predictor, trained on the train side: the model with the highest predicted score, or the best for its money.</summary>
/// <param name="economy">True: cost weighs as much as the train side allows without loss of quality. False: only quality counts.</param>
/// <param name="textOnly">True: the file's tasks are hidden from it, as in serving.</param>
internal sealed class PredictorContestant(bool economy, bool textOnly) : IPoolContestant
{
    public string Name => (economy ? "economy" : "predictor") + (textOnly ? "@text" : "");

    public string What => (economy ? "the predictor, with the weight of cost at which the train side lost nothing" : "the success predictor: the best model for the prompt, where it looks enough better than the usual one")
        + (textOnly ? ", of the text alone" : "");

    public Standing Standing => Standing.Ours;

    public bool CanEnter(OutcomeSet set) =>
        !set.IsPair && (!economy || set.Costs != CostSource.None) && (!textOnly || (set.Rows.All(r => r.Prompt is not null) && set.Rows.Any(r => r.Task.Count > 0)));

    public IPoolRouter Learn(TrainSide train)
    {
        var seen = textOnly ? train.WithoutTasks : train;
        if (!economy)
        {
            var predictor = seen.Predictor;
            var scores = new double[train.Set.Models.Count];
            return new FixedRouter(row =>
            {
                IReadOnlyList<string> task = textOnly ? [] : row.Task;
                predictor.Predict(row.Labelled.Features, task, scores);
                return seen.Margins.First(scores, predictor.Tasks.Find(task).Means, predictor.Tasks.All.Means);
            });
        }

        var ladder = CostWeight.Ladder([.. Enumerable.Range(0, train.Set.Models.Count).Select(k => train.Rows.Average(r => r.Costs![k]))]);
        var deployments = train.Costs.Deployments(train.Set.Models, null);
        PredictedRank[] ranks = [.. ladder.Select(weight => new PredictedRank(deployments, Weighted(weight)))];
        var own = Array.IndexOf(ladder, CostWeight.Choose(ladder, Routed(seen, ranks), train.MeanScores.Max()));
        return new Router(seen, ranks, own, textOnly);
    }

    private static Policy Weighted(double costWeight) => new() { Name = "predictor", Strategy = "weighted", Weights = new(1, costWeight, 0) };

    private static List<(double Score, double Usd)> Routed(TrainSide train, PredictedRank[] ranks)
    {
        var sums = new (double Score, double Usd)[ranks.Length];
        for (var i = 0; i < train.Rows.Count; i++)
        {
            var row = train.Rows[i];
            var usd = train.Costs.Of(row);
            for (var r = 0; r < ranks.Length; r++)
            {
                var choice = ranks[r].First(train.Unseen[i].Scores, usd);
                sums[r] = (sums[r].Score + row.Scores[choice], sums[r].Usd + row.Costs![choice]);
            }
        }

        return [.. sums.Select(s => (s.Score / train.Rows.Count, s.Usd / train.Rows.Count))];
    }

    private sealed class Router(TrainSide seen, PredictedRank[] ranks, int own, bool textOnly) : IPoolRouter
    {
        private readonly Dictionary<OutcomeRow, (double[] Scores, double[] Usd)> known = [];

        public int Settings => ranks.Length > 1 ? ranks.Length : 0;

        public int Choose(OutcomeRow row) => ChooseAt(row, own);

        public int ChooseAt(OutcomeRow row, int setting)
        {
            if (!known.TryGetValue(row, out var expected))
            {
                known[row] = expected = (new double[seen.Set.Models.Count], seen.Costs.Of(row));
                seen.Predictor.Predict(row.Labelled.Features, textOnly ? [] : row.Task, expected.Scores);
            }

            return ranks[setting].First(expected.Scores, expected.Usd);
        }
    }
}
