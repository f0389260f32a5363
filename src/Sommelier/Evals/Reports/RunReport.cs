using Sommelier.Canonical;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Runs;

namespace Sommelier.Evals.Reports;

/// <summary>What a run came to: everything that its reports show.</summary>
internal sealed record RunReport
{
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

    /// <summary>The kinds of work that its cases are of.</summary>
    public required IReadOnlyList<Intent> Intents { get; init; }

    /// <summary>Answers that the run is to have and has not.</summary>
    public int Unanswered => Models.Sum(static model => model.Expected - model.Scored);

    /// <summary>Whether any figure may be off because too much is missing.</summary>
    public bool Unreliable => Models.Any(static model => model.Unreliable);

    /// <summary>Reckons a run up.</summary>
    public static RunReport Build(RunManifest manifest, IReadOnlyList<CaseFacts> cases, RunResults results, RunEnd? end)
    {
        var names = cases.Any(static facts => facts.Recorded) ? [.. manifest.Models, Candidate.Recorded.Name] : manifest.Models;
        var models = names.Select(name => Model(name, cases, results, manifest.Simulated)).ToList();
        return new()
        {
            Manifest = manifest,
            End = end,
            Cases = cases,
            Results = results,
            Models = [.. models.OrderByDescending(static model => model.Score?.Mean ?? -1)],
            Intents = [.. cases.Select(static facts => facts.Intent).Distinct().Order()],
        };
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
            Score = Score(scored),
            PassRate = scored.Count == 0 ? 0 : scored.Average(static pair => pair.Result.Passed ? 1.0 : 0),
            PassedEveryTime = own.Any(static facts => facts.Repeats > 1) && scored.Count > 0
                ? scored.GroupBy(static pair => (pair.Facts.Suite, pair.Facts.Case)).Average(static repeats => repeats.All(static pair => pair.Result.Passed) ? 1.0 : 0)
                : null,
            CostUsd = answers.Sum(static answer => answer.CostUsd ?? 0),
            CostPerAnswerUsd = answers.Count > 0 && answers.TrueForAll(static answer => answer.CostUsd is not null) ? answers.Average(static answer => answer.CostUsd!.Value) : null,
            MedianLatency = Quantile(latencies, 0.5),
            P95Latency = Quantile(latencies, 0.95),
            ByIntent = [.. scored.GroupBy(static pair => pair.Facts.Intent).OrderBy(static group => group.Key).Select(static group => KeyValuePair.Create(group.Key, Score([.. group])!.Value))],
            ByMetric = [.. scored.SelectMany(static pair => pair.Result.Grades).Where(static grade => grade is { Metric: not null, State: not GradeState.Missing })
                .GroupBy(static grade => grade.Metric!, StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(static group => KeyValuePair.Create(group.Key, group.Sum(static grade => grade.Weight * grade.Score) / group.Sum(static grade => grade.Weight)))],
        };
    }

    private static ScoreEstimate? Score(List<(CaseFacts Facts, EvalResult Result)> scored) => scored.Count == 0
        ? null
        : ScoreEstimate.Of([.. scored.Select(static pair => pair.Result.Score!.Value)], [.. scored.Select(static pair => pair.Facts.Cluster)]);

    private static TimeSpan? Quantile(List<TimeSpan> sorted, double share) => sorted.Count == 0 ? null : sorted[(int)Math.Ceiling((sorted.Count - 1) * share)];
}
