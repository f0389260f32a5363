using Sommelier.Canonical;

namespace Sommelier.Evals.Reports;

/// <summary>What a case is across runs: the same suite's case with the same request.</summary>
/// <param name="Suite">The suite's name.</param>
/// <param name="Case">The case's id.</param>
/// <param name="Request">Hash of what is asked.</param>
internal readonly record struct CaseKey(string Suite, string Case, string Request);

/// <summary>What a model made of one case.</summary>
/// <param name="Key">Which.</param>
/// <param name="Intent">What kind of work it is.</param>
/// <param name="Cluster">Cases of one cluster are not independent.</param>
/// <param name="Score">The mean over repeats; NaN when none was scored.</param>
/// <param name="Passed">Whether each repeat that was scored passed, and one was.</param>
internal sealed record CaseScore(CaseKey Key, Intent Intent, string Cluster, double Score, bool Passed);

/// <summary>A model's scores, case by case.</summary>
internal sealed class CaseScores
{
    private readonly Dictionary<CaseKey, CaseScore> byKey;

    private CaseScores(string model, IReadOnlyList<CaseScore> cases, decimal? costPerAnswerUsd)
    {
        Model = model;
        Cases = cases;
        CostPerAnswerUsd = costPerAnswerUsd;
        byKey = cases.ToDictionary(static one => one.Key);
    }

    /// <summary>Whose they are.</summary>
    public string Model { get; }

    /// <summary>In the order of the suites.</summary>
    public IReadOnlyList<CaseScore> Cases { get; }

    /// <summary>What an answer cost on average; null when no price is known.</summary>
    public decimal? CostPerAnswerUsd { get; }

    /// <summary>The score of a case; null when the run does not have the case.</summary>
    public CaseScore? Find(CaseKey key) => byKey.GetValueOrDefault(key);

    /// <summary>Of a model of a run.</summary>
    public static CaseScores Of(RunReport report, ModelReport model)
    {
        var suites = report.Manifest.Suites.ToDictionary(static suite => suite.Hash, static suite => suite.Id, StringComparer.Ordinal);
        var recorded = model.IsRecorded;
        return new(
            model.Name,
            [.. report.Cases.Where(facts => facts.Recorded == recorded).Select(facts =>
            {
                var scored = Enumerable.Range(0, facts.Repeats).Select(repeat => report.Results.Find(new(facts.Suite, facts.Case, model.Name, repeat))).Where(static result => result?.Score is not null).ToList();
                return new CaseScore(
                    new(suites[facts.Suite], facts.Case, facts.Request),
                    facts.Intent,
                    facts.Cluster,
                    scored.Count == 0 ? double.NaN : scored.Average(static result => result!.Score!.Value),
                    scored.Count > 0 && scored.TrueForAll(static result => result!.Passed));
            })],
            model.CostPerAnswerUsd);
    }
}
