using Sommelier.Canonical;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Judges;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;
using Sommelier.Statistics.Planning;
using Sommelier.Statistics.Reports;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Evals.Reports;

/// <summary>What a run came to: everything that its reports show.</summary>
internal sealed record RunReport
{
    private const ulong Seed = 1;

    /// <summary>What the run is of.</summary>
    public required RunManifest Manifest { get; init; }

    /// <summary>How its last part ended; null when it is only read.</summary>
    public RunEnd? End { get; init; }

    /// <summary>Its cases.</summary>
    public required IReadOnlyList<CaseFacts> Cases { get; init; }

    /// <summary>Its results.</summary>
    public required RunResults Results { get; init; }

    /// <summary>Its models, best first.</summary>
    public required IReadOnlyList<ModelReport> Models { get; init; }

    /// <summary>What the gate says of all models together: the worst of its verdicts; null without a gate.</summary>
    public Verdict? Gate => Comparisons.Where(static one => one.Gate is not null).Select(static one => one.Gate!.Verdict).ToList() is { Count: > 0 } verdicts
        ? verdicts.Contains(Verdict.Fail) ? Verdict.Fail : verdicts.Contains(Verdict.Inconclusive) ? Verdict.Inconclusive : Verdict.Pass
        : null;

    /// <summary>Each model beside the baseline: the model that the gate names, else the run's first one, or its own earlier run.</summary>
    public IReadOnlyList<ModelComparison> Comparisons { get; init; } = [];

    /// <summary>What judges found better, suite by suite that asks for it.</summary>
    public IReadOnlyList<PairReport> Pairs { get; init; } = [];

    /// <summary>The verdicts of the judges on record, case by case.</summary>
    public PairResults Verdicts { get; init; } = PairResults.Empty;

    /// <summary>The judges of single answers against people; null without labels.</summary>
    public JudgeCalibration? Judges { get; init; }

    /// <summary>The kinds of work that its cases are of.</summary>
    public required IReadOnlyList<Intent> Intents { get; init; }

    /// <summary>Answers that the run is to have and has not.</summary>
    public int Unanswered => Models.Sum(static model => model.Expected - model.Scored);

    /// <summary>Whether any figure may be off because too much is missing.</summary>
    public bool Unreliable => Models.Any(static model => model.Score.IsUnreliable);

    /// <summary>The results, case by case, within a case model by model and repeat by repeat.</summary>
    public IEnumerable<(CaseFacts Facts, EvalResult Result)> InOrder() =>
        from facts in Cases
        from model in facts.Recorded ? [Candidate.Recorded.Name] : Manifest.Models
        from repeat in Enumerable.Range(0, facts.Repeats)
        let result = Results.Find(new(facts.Suite, facts.Case, model, repeat))
        where result is not null
        select (facts, result);

    /// <summary>Reckons a run up.</summary>
    /// <param name="manifest">What it is of.</param>
    /// <param name="cases">Its cases.</param>
    /// <param name="results">Its results.</param>
    /// <param name="end">How it ended; null when it is only read.</param>
    /// <param name="against">The earlier run that the gate names; null when it names none.</param>
    /// <param name="verdicts">Its comparisons; null for none.</param>
    public static RunReport Build(RunManifest manifest, IReadOnlyList<CaseFacts> cases, RunResults results, RunEnd? end, RunReport? against = null, PairResults? verdicts = null)
    {
        var names = cases.Any(static facts => facts.Recorded) ? [.. manifest.Models, Candidate.Recorded.Name] : manifest.Models;
        var models = names.Select(name => Model(name, cases, results, manifest.Simulated)).ToList();
        var report = new RunReport
        {
            Manifest = manifest,
            End = end,
            Cases = cases,
            Results = results,
            Models = [.. models.OrderByDescending(static model => model.Score.Mean ?? -1)],
            Intents = [.. cases.Select(static facts => facts.Intent).Distinct().Order()],
            Verdicts = verdicts ?? PairResults.Empty,
            Pairs = [.. manifest.Suites.Select(suite => PairReport.Of(suite, manifest.Models, ClustersOf(suite, cases), verdicts ?? PairResults.Empty, results)).OfType<PairReport>()],
            Judges = Calibrate(results.All),
        };
        return report with { Comparisons = Compare(report, models, against) };
    }

    // With a baseline of its own a gate is about that one; the models of the run are compared with each other all the same.
    private static IReadOnlyList<ModelComparison> Compare(RunReport report, List<ModelReport> models, RunReport? against)
    {
        var gate = report.Manifest.Gate;
        var baseline = models.Find(model => string.Equals(model.Name, gate?.Vs, StringComparison.Ordinal)) ?? models.FirstOrDefault();
        var others = models.Where(model => !ReferenceEquals(model, baseline) && !model.IsRecorded).ToList();
        var earlier = against is null ? [] : models.Select(model => (Model: model, Before: Counterpart(model, models, against))).Where(static pair => pair.Before is not null).ToList();
        var first = baseline is null ? null : CaseScores.Of(report, baseline);
        var before = earlier.ConvertAll(pair => (Model: CaseScores.Of(report, pair.Model), Baseline: CaseScores.Of(against!, pair.Before!)));
        var beside = others.ConvertAll(model => (Model: CaseScores.Of(report, model), Baseline: first!));
        return
        [
            .. Judged(before, gate).Zip(earlier, (compared, pair) => compared with { Baseline = $"{pair.Before!.Name} of {against!.Manifest.Id}" }),
            .. Judged(beside, against is null ? gate : null),
        ];
    }

    private static IReadOnlyList<ModelComparison> Judged(List<(CaseScores Model, CaseScores Baseline)> pairs, SuiteGate? gate) => gate is null
        ? pairs.ConvertAll(static pair => ModelComparison.Of(pair.Model, pair.Baseline, null))
        : GatedComparisons.Of(pairs, gate.MaxRegression, gate.Alpha);

    /// <summary>The model of an earlier run that a model is compared with: the same, or the only one where each run has but one.</summary>
    public static ModelReport? Counterpart(ModelReport model, IReadOnlyList<ModelReport> own, RunReport against) =>
        against.Models.FirstOrDefault(other => string.Equals(other.Name, model.Name, StringComparison.Ordinal))
        ?? (own.Count == 1 && against.Models.Count == 1 ? against.Models[0] : null);

    private static Dictionary<string, string> ClustersOf(SuiteReference suite, IReadOnlyList<CaseFacts> cases) =>
        cases.Where(facts => string.Equals(facts.Suite, suite.Hash, StringComparison.Ordinal)).ToDictionary(static facts => facts.Case, static facts => facts.Cluster, StringComparer.Ordinal);

    private static JudgeCalibration? Calibrate(IEnumerable<EvalResult> results)
    {
        var judged = results.Select(JudgedScore.Of).OfType<JudgedScore>().ToList();
        return judged.Exists(static one => one.People is not null) ? JudgeCalibration.OfScores(judged.Select(static one => (one.Judge, one.People))) : null;
    }

    private static ModelReport Model(string name, IReadOnlyList<CaseFacts> cases, RunResults results, bool simulated)
    {
        var recorded = string.Equals(name, Candidate.Recorded.Name, StringComparison.Ordinal);
        var own = cases.Where(facts => facts.Recorded == recorded).ToList();
        var found = own.SelectMany(facts => Enumerable.Range(0, facts.Repeats).Select(repeat => (Facts: facts, Result: results.Find(new(facts.Suite, facts.Case, name, repeat)))))
            .Where(static pair => pair.Result is not null).Select(static pair => (pair.Facts, Result: pair.Result!)).ToList();
        var scored = found.Where(static pair => pair.Result.Score is not null).ToList();
        var answers = scored.Select(static pair => pair.Result.Answer!).ToList();
        var latencies = answers.Where(static answer => answer.Latency is not null).Select(static answer => answer.Latency!.Value).Order().ToList();
        return new()
        {
            Name = name,
            Simulated = simulated && !recorded,
            Expected = own.Sum(static facts => facts.Repeats),
            Missing = found.Count - scored.Count,
            Score = Score(found),
            PassRate = scored.Count == 0 ? 0 : scored.Average(static pair => pair.Result.Passed ? 1.0 : 0),
            PassedEveryTime = own.Any(static facts => facts.Repeats > 1) && scored.Count > 0
                ? scored.GroupBy(static pair => (pair.Facts.Suite, pair.Facts.Case)).Average(static repeats => repeats.All(static pair => pair.Result.Passed) ? 1.0 : 0)
                : null,
            CostUsd = answers.Sum(static answer => answer.CostUsd ?? 0),
            CostPerAnswerUsd = answers.Count > 0 && answers.TrueForAll(static answer => answer.CostUsd is not null) ? answers.Average(static answer => answer.CostUsd!.Value) : null,
            MedianLatency = Quantile(latencies, 0.5),
            P95Latency = Quantile(latencies, 0.95),
            Judges = Calibrate(found.Select(static pair => pair.Result)),
            ByIntent = [.. found.GroupBy(static pair => pair.Facts.Intent).OrderBy(static group => group.Key).Select(static group => KeyValuePair.Create(group.Key, Score([.. group])))],
            ByMetric = [.. scored.SelectMany(static pair => pair.Result.Grades).Where(static grade => grade is { Metric: not null, State: not GradeState.Missing })
                .GroupBy(static grade => grade.Metric!, StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => KeyValuePair.Create(group.Key, Mean([.. group])))],
        };
    }

    // What counts for nothing in a case is still worth its mean.
    private static double Mean(GradedExpectation[] grades) =>
        grades.Sum(static grade => grade.Weight) is > 0 and var weights ? grades.Sum(static grade => grade.Weight * grade.Score) / weights : grades.Average(static grade => grade.Score);

    private static ScoreSummary Score(List<(CaseFacts Facts, EvalResult Result)> found)
    {
        double[] scores = [.. found.Select(static pair => pair.Result.Score ?? double.NaN)];
        string[] clusters = [.. found.Select(static pair => pair.Facts.Cluster)];
        var summary = ScoreSummary.Of(scores, Clusters.Of<string>(clusters), Seed);

        // No score lies outside, whatever Student's t says of a few cases.
        return summary.Interval is { } interval ? summary with { Interval = new(Math.Max(0, interval.Low), Math.Min(1, interval.High)) } : summary;
    }

    private static TimeSpan? Quantile(List<TimeSpan> sorted, double share) => sorted.Count == 0 ? null : sorted[(int)Math.Ceiling((sorted.Count - 1) * share)];
}
