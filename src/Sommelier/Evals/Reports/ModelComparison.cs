using Sommelier.Canonical;
using Sommelier.Statistics.Paired;
using Sommelier.Statistics.Planning;
using Sommelier.Statistics.Reports;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Evals.Reports;

/// <summary>One model beside another on the cases that both answered.</summary>
internal sealed record ModelComparison
{
    private const ulong Seed = 1;

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>What it is compared with.</summary>
    public required string Baseline { get; init; }

    /// <summary>Model less baseline, case by case.</summary>
    public required PairedComparison Overall { get; init; }

    /// <summary>The same by kind of work.</summary>
    public required IReadOnlyList<KeyValuePair<Intent, PairedComparison>> ByIntent { get; init; }

    /// <summary>What an answer of the model costs in answers of the baseline; null when a price is not known or is nothing.</summary>
    public double? CostRatio { get; init; }

    /// <summary>Cases in all with which the difference would be found with a chance of 80 %, were it what it seems now; null when it is found, or when none can be told.</summary>
    public int? CasesNeeded { get; init; }

    /// <summary>What the gate says; null without a gate.</summary>
    public GateResult? Gate { get; init; }

    /// <summary>Cases that the baseline passed and the model did not.</summary>
    public IReadOnlyList<string> Regressions { get; init; } = [];

    /// <summary>Whether the interval of the difference leaves zero out.</summary>
    public bool Differs => Overall.Interval is { } interval && !interval.Contains(0);

    /// <summary>Compares.</summary>
    /// <param name="model">The model's answers.</param>
    /// <param name="baseline">The baseline's.</param>
    /// <param name="gate">What the model is held to; null for nothing.</param>
    public static ModelComparison Of(CaseScores model, CaseScores baseline, RegressionGate? gate)
    {
        var shared = model.Cases.Where(one => baseline.Find(one.Key) is not null).Select(one => (A: one, B: baseline.Find(one.Key)!)).ToList();
        var overall = Compare(shared, gate?.Confidence);
        return new()
        {
            Model = model.Model,
            Baseline = baseline.Model,
            Overall = overall,
            ByIntent = [.. shared.GroupBy(static pair => pair.A.Intent).OrderBy(static group => group.Key).Select(static group => KeyValuePair.Create(group.Key, Compare([.. group], null)))],
            CostRatio = model.CostPerAnswerUsd is { } cost && baseline.CostPerAnswerUsd is > 0 and var other ? (double)(cost / other) : null,
            CasesNeeded = Needed(shared, overall),
            Gate = gate is not null && overall is { Difference: { } difference, Interval: { } interval } ? gate.Judge(difference, overall.Count, interval) : null,
            Regressions = [.. shared.Where(static pair => pair.B.Passed && !pair.A.Passed && !double.IsNaN(pair.A.Score)).Select(static pair => pair.A.Key.Case)],
        };
    }

    private static PairedComparison Compare(List<(CaseScore A, CaseScore B)> pairs, double? confidence)
    {
        string[] clusters = [.. pairs.Select(static pair => pair.A.Cluster)];
        double[] a = [.. pairs.Select(static pair => pair.A.Score)];
        double[] b = [.. pairs.Select(static pair => pair.B.Score)];
        return PairedComparison.Of(PairedScores.Of(a, b, Clusters.Of<string>(clusters)), Seed, confidence ?? 0.95);
    }

    private static int? Needed(List<(CaseScore A, CaseScore B)> pairs, PairedComparison overall)
    {
        if (overall is not { Difference.Mean: var mean, Interval: { } interval } || !interval.Contains(0) || Math.Abs(mean) < 0.001)
        {
            return null;
        }

        var squares = pairs.Where(static pair => !double.IsNaN(pair.A.Score) && !double.IsNaN(pair.B.Score)).Average(static pair => Math.Pow(pair.A.Score - pair.B.Score, 2));
        var independent = (double)overall.Count / Math.Max(1, overall.Units);
        // Scores between 0 and 1 can differ by more on average than their squares do; right and wrong cannot.
        return new PairedPower(Math.Max(squares, Math.Abs(mean))).RequiredItems(mean) is { } needed && needed * independent < int.MaxValue ? Math.Max(overall.Count + 1, (int)(needed * independent)) : null;
    }
}
