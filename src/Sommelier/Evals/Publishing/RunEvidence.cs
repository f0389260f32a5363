using Sommelier.Canonical;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Reports;
using Sommelier.Evals.Runs;
using Sommelier.Quality;

namespace Sommelier.Evals.Publishing;

/// <summary>What a run says for the quality table: for every model, suite and kind of work how many cases were answered how well.</summary>
/// <remarks>
/// A case counts once however often it was repeated, with the mean of its repeats; cases of one cluster are not independent, so
/// each weighs clusters / cases. A case that a judge had a say in is judged evidence: it weighs the
/// squared correlation of the run's judges with people where enough answers are labelled, the kind's usual weight else. What is missing is left out, not counted as wrong.
/// </remarks>
internal static class RunEvidence
{
    /// <summary>The evidence, in the order of models and suites; answers that a suite brought along are nobody's and left out.</summary>
    public static IReadOnlyList<Evidence> Of(RunReport report)
    {
        var evidence = new List<Evidence>();
        foreach (var model in report.Models.Where(static model => !model.IsRecorded))
        {
            foreach (var group in Scored(report, model).GroupBy(static one => (one.Facts.Suite, one.Facts.Intent, one.Judged)))
            {
                evidence.Add(Sum(report, model, group.Key.Suite, group.Key.Intent, group.Key.Judged, [.. group]));
            }
        }

        return evidence;
    }

    private static Evidence Sum(RunReport report, ModelReport model, string hash, Intent intent, bool judged, List<ScoredCase> cases)
    {
        var manifest = report.Manifest;
        var suite = manifest.Suites.First(suite => string.Equals(suite.Hash, hash, StringComparison.Ordinal));
        var kind = judged ? EvidenceKind.Judged : EvidenceKind.Eval;
        var weight = judged && report.Judges is { IsReliable: true, Correlation: { } correlation } ? Math.Pow(Math.Max(0, correlation), 2) : kind.Weight();
        var clusters = cases.Select(static one => one.Facts.Cluster).Distinct(StringComparer.Ordinal).Count();
        var answering = cases.SelectMany(static one => one.Models).Distinct(StringComparer.Ordinal).ToList();
        return new()
        {
            Id = $"eval:{manifest.Id}:{hash}:{model.Name}:{intent.Name()}:{(judged ? "judged" : "graded")}",
            Model = model.Name.StartsWith(Candidate.SimulatedPrefix, StringComparison.Ordinal) ? model.Name[Candidate.SimulatedPrefix.Length..] : model.Name,
            Intent = intent,
            Kind = kind,
            Source = $"{manifest.Id} ({suite.Id}{(model.Simulated ? ", simulated" : "")})",
            Answers = cases.Count,
            Score = cases.Sum(static one => one.Score),
            Weight = weight * clusters / cases.Count,
            ObservedAt = cases.Max(static one => one.At),
            ModelVersion = !model.Simulated && answering.Count == 1 ? answering[0] : "",
        };
    }

    private static IEnumerable<ScoredCase> Scored(RunReport report, ModelReport model)
    {
        foreach (var facts in report.Cases.Where(static facts => !facts.Recorded))
        {
            var results = Enumerable.Range(0, facts.Repeats)
                .Select(repeat => report.Results.Find(new(facts.Suite, facts.Case, model.Name, repeat)))
                .OfType<EvalResult>().Where(static result => result.Score is not null).ToList();
            if (results.Count > 0)
            {
                yield return new(
                    facts,
                    results.Average(static result => result.Score!.Value),
                    results.Exists(static result => result.Grades.Any(static grade => IsJudged(grade.Kind))),
                    results.Max(static result => result.At),
                    [.. results.Select(static result => result.Answer?.ResponseModel).OfType<string>()]);
            }
        }
    }

    private static bool IsJudged(string kind) =>
        GraderRegistry.Find(kind.StartsWith("not-", StringComparison.Ordinal) ? kind["not-".Length..] : kind) is { IsJudge: true };

    private sealed record ScoredCase(CaseFacts Facts, double Score, bool Judged, DateTimeOffset At, IReadOnlyList<string> Models);
}
