using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.Routing.Prediction;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>The model that was best at the file's task on the train side, by plain means.</summary>
/// <param name="depth">1 for the dataset, 2 for its groups.</param>
internal sealed class TaskMean(int depth) : IPoolContestant, IPairContestant
{
    // Not shrunk: just enough that a task without rows has the wider mean.
    private const double NoMass = 1e-9;

    public string Name => depth == 1 ? "task-table" : "task-table-fine";

    public string What => depth == 1 ? "the model with the best mean at the task on the train side" : "the same by the finer kind of task";

    public Standing Standing => Standing.Baseline;

    public bool CanEnter(OutcomeSet set) => Informative(set) is { } first && (depth == 1 || Depths(set).Any(d => d > first));

    public IPoolRouter Learn(TrainSide train)
    {
        var means = Means(train);
        return new FixedRouter(row => Array.IndexOf(means(row), means(row).Max()));
    }

    Func<OutcomeRow, double> IPairContestant.Learn(TrainSide train)
    {
        var means = Means(train);
        return row => means(row)[1] - means(row)[0];
    }

    private Func<OutcomeRow, double[]> Means(TrainSide train)
    {
        var level = depth == 1 ? Informative(train.Set)!.Value : Depths(train.Set).Max();
        var table = TaskTable.Of([.. train.Labelled.Select(p => p with { Task = Cut(p.Task, level) })], train.Set.Models.Count, NoMass);
        return row => table.Find(Cut(row.Task, level)).Means;
    }

    // The first level at which a set has more than one task.
    private static int? Informative(OutcomeSet set) =>
        Depths(set).Order().Cast<int?>().FirstOrDefault();

    private static IEnumerable<int> Depths(OutcomeSet set)
    {
        var deepest = set.Rows.Count == 0 ? 0 : set.Rows.Max(r => r.Task.Count);
        var before = 1;
        for (var level = 1; level <= deepest; level++)
        {
            var tasks = set.Rows.Select(r => string.Join('\u001f', r.Task.Take(level))).Distinct(StringComparer.Ordinal).Count();
            if (tasks > before)
            {
                before = tasks;
                yield return level;
            }
        }
    }

    private static IReadOnlyList<string> Cut(IReadOnlyList<string> task, int level) => task.Count <= level ? task : [.. task.Take(level)];
}
