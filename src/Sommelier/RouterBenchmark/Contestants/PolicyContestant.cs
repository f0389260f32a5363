using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.Routing;
using Sommelier.Routing.Prediction;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>A policy of the gateway, decided by <see cref="ModelRouter"/> over a quality table learnt on the train side.</summary>
/// <param name="policy">The policy.</param>
/// <param name="byIntent">True: the table is by the classifier's intents of the text, as in serving. False: by the file's own tasks, as if the classifier knew them.</param>
/// <param name="turned">Whether it is also tried with every other gap; policies that differ only in it would give the same curve.</param>
internal sealed class PolicyContestant(Policy policy, bool byIntent, bool turned) : IPoolContestant
{
    private static readonly double[] Gaps = [0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 1];

    public string Name => $"{policy.Name}@{(byIntent ? "intent" : "task")}";

    public string What => $"policy '{policy.Name}' over a quality table by {(byIntent ? "the classifier's intents" : "the file's tasks")}";

    public Standing Standing => Standing.Ours;

    public bool CanEnter(OutcomeSet set) => !set.IsPair && (byIntent ? set.Rows.All(r => r.Prompt is not null) : set.Rows.Any(r => r.Task.Count > 0));

    public IPoolRouter Learn(TrainSide train) => byIntent ? new ByIntent(policy, train, turned) : new ByTask(policy, train, turned);

    private static int Decide(CatalogSnapshot catalog, RequestSignals signals, Policy policy)
    {
        var decision = ModelRouter.Decide(new() { Model = "auto", Signals = signals, Catalog = catalog, Live = LiveState.Empty(DateTimeOffset.UnixEpoch), Policy = policy });
        return catalog.IndexOf(decision.Ranked[0].Deployment.Id);
    }

    private static QualityEstimate Estimate(double mean, double mass) => QualityEstimate.FromBeta(Math.Clamp(mean, 0, 1), mass, "train side", inherited: false);

    private static int SettingsOf(Policy policy, OutcomeSet set, bool turned) => turned && set.Costs != CostSource.None && policy.Strategy is "cheapest" ? Gaps.Length : 0;

    // Within one task every question has the same estimates and the same ratio of prices, so one decision serves all.
    private sealed class ByTask : IPoolRouter
    {
        private readonly Policy policy;
        private readonly TrainSide train;
        private readonly TaskTable table;
        private readonly Dictionary<string, CatalogSnapshot> catalogs = new(StringComparer.Ordinal);
        private readonly Dictionary<(string Task, double Gap), int> decided = [];

        public ByTask(Policy policy, TrainSide train, bool turned)
        {
            (this.policy, this.train) = (policy, train);
            Settings = SettingsOf(policy, train.Set, turned);
            table = TaskTable.Of(train.Labelled, train.Set.Models.Count);
        }

        public int Settings { get; }

        public int Choose(OutcomeRow row) => Choose(row, policy);

        public int ChooseAt(OutcomeRow row, int setting) => Choose(row, policy with { Gap = Gaps[setting] });

        private int Choose(OutcomeRow row, Policy by)
        {
            var task = ExpectedCosts.KeyOf(row);
            if (!decided.TryGetValue((task, by.Gap), out var choice))
            {
                if (!catalogs.TryGetValue(task, out var catalog))
                {
                    catalogs[task] = catalog = Catalog(row, task);
                }

                decided[(task, by.Gap)] = choice = Decide(catalog, row.Signals, by);
            }

            return choice;
        }

        private CatalogSnapshot Catalog(OutcomeRow row, string task)
        {
            var deployments = train.Costs.Deployments(train.Set.Models, task);
            var cell = table.Find(row.Task);
            var rows = deployments.Select((d, k) => KeyValuePair.Create(d.Id, Enumerable.Repeat(Estimate(cell.Means[k], cell.Masses[k]), Intents.Count).ToArray()));
            return CatalogSnapshot.Create(deployments, quality: new("task", rows));
        }
    }

    private sealed class ByIntent : IPoolRouter
    {
        private readonly Policy policy;
        private readonly Policy[] atGaps;
        private readonly CatalogSnapshot catalog;

        public ByIntent(Policy policy, TrainSide train, bool turned)
        {
            this.policy = policy;
            Settings = SettingsOf(policy, train.Set, turned);
            atGaps = Array.ConvertAll(Gaps, gap => policy with { Gap = gap });
            var deployments = train.Costs.Deployments(train.Set.Models, null);
            catalog = CatalogSnapshot.Create(deployments, quality: new("intent", deployments.Select((d, k) => KeyValuePair.Create(d.Id, Row(train, k)))));
        }

        public int Settings { get; }

        public int Choose(OutcomeRow row) => Decide(catalog, row.Signals, policy);

        public int ChooseAt(OutcomeRow row, int setting) => Decide(catalog, row.Signals, atGaps[setting]);

        // A question counts for each intent by the weight that routing would give it there.
        private static QualityEstimate[] Row(TrainSide train, int model)
        {
            var sums = new double[Intents.Count];
            var counts = new double[Intents.Count];
            foreach (var row in train.Rows)
            {
                var weights = IntentMixture.Of(row.Signals);
                for (var t = 0; t < sums.Length; t++)
                {
                    sums[t] += weights[t] * row.Scores[model];
                    counts[t] += weights[t];
                }
            }

            var all = train.MeanScores[model] * TaskTable.UsualMass;
            return [.. sums.Select((sum, t) => Estimate((all + sum) / (TaskTable.UsualMass + counts[t]), TaskTable.UsualMass + counts[t]))];
        }
    }
}
