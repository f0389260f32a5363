using Sommelier.Evals.Suites;
using Sommelier.Statistics.Sequential;

namespace Sommelier.Evals.Runs;

/// <summary>Ends a run once each of its models is told from the first one, or is as good as equal to it.</summary>
/// <remarks>
/// Looks after every case. That is allowed because the rule holds at all looks at once, and because results are taken in the
/// run's seeded order, not in the order in which they come in: a model that answers its easy cases first would look too good.
/// Cases that share a cluster, and the repeats of a case, count as one.
/// </remarks>
internal sealed class EarlyStop
{
    private readonly Dictionary<(int Place, string Model), double> scores = [];
    private readonly List<int[]> clusters;
    private readonly List<Challenger> challengers;
    private readonly string baseline;

    /// <param name="order">Every item of the run.</param>
    /// <param name="models">Its models, the baseline first; two at least.</param>
    /// <param name="before">What is on record already.</param>
    /// <param name="settings">When to end.</param>
    public EarlyStop(IReadOnlyList<WorkItem> order, IReadOnlyList<Candidate> models, RunResults before, SuiteStop settings)
    {
        baseline = models[0].Name;
        var stopping = new StoppingSettings(settings.Alpha, settings.Equivalent, settings.MinCases).ForChallengers(models.Count - 1);
        challengers = [.. models.Skip(1).Select(model => new Challenger(model.Name, new(stopping)))];
        var asked = order.Where(static item => item.Case.Output is null).ToList();
        clusters = [.. asked.GroupBy(static item => (item.Suite.Hash, item.Case.Cluster)).Select(static group => group.Select(static item => item.Place).Distinct().ToArray()).OrderBy(static places => places.Max())];
        foreach (var item in asked)
        {
            if (before.Find(item.Key) is { } known && before.IsDone(item.Key))
            {
                Take(item, known);
            }
        }

        Look();
    }

    /// <summary>What was found of each challenger against the baseline: better, worse, equal or open.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Verdicts =>
    [
        .. challengers.Select(static one => KeyValuePair.Create(one.Name, one.Stopping.Verdict switch
        {
            StoppingVerdict.ABetter => "better",
            StoppingVerdict.BBetter => "worse",
            StoppingVerdict.PracticallyEqual => "equal",
            _ => "open",
        })),
    ];

    /// <summary>Whether nothing more needs to be asked.</summary>
    public bool Decided => challengers.TrueForAll(static one => one.Stopping.Verdict != StoppingVerdict.GoOn);

    /// <summary>Takes a result; says whether nothing more needs to be asked.</summary>
    public bool Add(WorkItem item, EvalResult result)
    {
        if (item.Case.Output is null)
        {
            Take(item, result);
            Look();
        }

        return Decided;
    }

    private void Take(WorkItem item, EvalResult result) => scores[(item.Place, item.Model.Name)] = result.Score ?? double.NaN;

    private void Look()
    {
        foreach (var challenger in challengers)
        {
            while (challenger.Next < clusters.Count && Difference(clusters[challenger.Next], challenger.Name) is { } difference)
            {
                challenger.Next++;
                challenger.Stopping.Add(difference);
            }
        }
    }

    // Null while a score of the cluster is still to come; NaN when none of its items has both.
    private double? Difference(int[] places, string challenger)
    {
        var (sum, count) = (0.0, 0);
        foreach (var place in places)
        {
            if (!scores.TryGetValue((place, challenger), out var a) || !scores.TryGetValue((place, baseline), out var b))
            {
                return null;
            }

            if (!double.IsNaN(a) && !double.IsNaN(b))
            {
                sum += a - b;
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }

    private sealed class Challenger(string name, PairedStopping stopping)
    {
        public string Name { get; } = name;

        public PairedStopping Stopping { get; } = stopping;

        public int Next { get; set; }
    }
}
