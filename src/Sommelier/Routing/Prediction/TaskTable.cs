namespace Sommelier.Routing.Prediction;

/// <summary>How well each model answers each kind of task: a mean per model and task, drawn towards that of the wider task.</summary>
/// <remarks>
/// As in the catalog's quality table, (mass x wider mean + sum of scores) / (mass + count), from all tasks down to the finest:
/// a Beta distribution's mean where scores are 0 or 1. A task that was never seen has its wider task's mean.
/// </remarks>
internal sealed class TaskTable
{
    /// <summary>The mass that docs/catalog.md gives the wider mean: worth ten answers.</summary>
    public const double UsualMass = 10;

    private const char Separator = '\u001f';
    private const double LeastMass = 2;
    private const double MostMass = 1e6;

    private readonly Dictionary<string, Cell> cells = new(StringComparer.Ordinal);

    /// <summary>One task: a mean and a mass per model.</summary>
    internal sealed record Cell(double[] Means, double[] Masses);

    private TaskTable(Cell all) => cells[""] = all;

    /// <summary>What is known when nothing of the task is.</summary>
    public Cell All => cells[""];

    /// <summary>The tasks' names with their cells, the widest first.</summary>
    public IEnumerable<KeyValuePair<string, Cell>> Cells => cells.OrderBy(c => c.Key, StringComparer.Ordinal);

    /// <summary>A table of prompts.</summary>
    /// <param name="prompts">What is known.</param>
    /// <param name="models">How many models there are.</param>
    /// <param name="mass">What a wider mean is worth in answers; null: what the differences between tasks say, level by level.</param>
    public static TaskTable Of(IReadOnlyList<LabelledPrompt> prompts, int models, double? mass = UsualMass)
    {
        var wide = new Cell(Enumerable.Repeat(0.5, models).ToArray(), new double[models]);
        var table = new TaskTable(Narrow(wide, LeastMass, prompts));
        var depth = prompts.Count == 0 ? 0 : prompts.Max(p => p.Task.Count);
        for (var level = 1; level <= depth; level++)
        {
            var groups = prompts.Where(p => p.Task.Count >= level).GroupBy(p => Key(p.Task, level), StringComparer.Ordinal).ToList();
            var worth = mass ?? TaskMass.Estimate(groups, models, LeastMass, MostMass);
            foreach (var group in groups)
            {
                table.cells[group.Key] = Narrow(table.Find(group.First().Task, level - 1), worth, group);
            }
        }

        return table;
    }

    /// <summary>A table of cells that were written down.</summary>
    public static TaskTable Of(IEnumerable<KeyValuePair<string, Cell>> cells)
    {
        var all = cells.ToDictionary(StringComparer.Ordinal);
        var table = new TaskTable(all[""]);
        foreach (var (task, cell) in all)
        {
            table.cells[task] = cell;
        }

        return table;
    }

    /// <summary>The narrowest cell of a task.</summary>
    public Cell Find(IReadOnlyList<string> task) => Find(task, task.Count);

    private Cell Find(IReadOnlyList<string> task, int depth)
    {
        for (var level = depth; level > 0; level--)
        {
            if (cells.TryGetValue(Key(task, level), out var cell))
            {
                return cell;
            }
        }

        return cells[""];
    }

    private static Cell Narrow(Cell wider, double mass, IEnumerable<LabelledPrompt> prompts)
    {
        var sums = Array.ConvertAll(wider.Means, mean => mean * mass);
        var masses = Array.ConvertAll(wider.Means, _ => mass);
        foreach (var prompt in prompts)
        {
            for (var k = 0; k < sums.Length; k++)
            {
                if (!double.IsNaN(prompt.Scores[k]))
                {
                    sums[k] += prompt.Scores[k];
                    masses[k]++;
                }
            }
        }

        return new(sums.Select((sum, k) => sum / masses[k]).ToArray(), masses);
    }

    private static string Key(IReadOnlyList<string> task, int depth) => string.Join(Separator, task.Take(depth));
}
