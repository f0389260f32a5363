using System.Text.Json;
using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Scheduling;

/// <summary>What a model made of a suite, in whatever runs.</summary>
/// <param name="Name">The candidate's name.</param>
/// <param name="Scores">In the order of the suite's cases, the mean of its repeats; NaN where it has none.</param>
/// <param name="CostUsd">What an answer cost on average; null where no price is known.</param>
internal sealed record KnownModel(string Name, double[] Scores, decimal? CostUsd)
{
    // As in reports: with more missing it is not known what the whole suite would say.
    private const double MostMissing = 0.02;

    /// <summary>The mean over the cases that it has.</summary>
    public double Mean => Scores.Where(static score => !double.IsNaN(score)).DefaultIfEmpty(0).Average();

    /// <summary>Whether it has answered the suite as a whole.</summary>
    public bool IsWhole => Scores.Count(double.IsNaN) <= MostMissing * Scores.Length;

    /// <summary>The models with results of a suite, as it is now, in some folders; of runs that had the same model the later one counts. Simulated ones are left out.</summary>
    /// <param name="runs">Below which runs lie.</param>
    /// <param name="suite">The suite.</param>
    public static IReadOnlyList<KnownModel> Of(string runs, Suite suite)
    {
        var found = new SortedDictionary<string, Dictionary<(string Case, int Repeat), EvalResult>>(StringComparer.Ordinal);
        foreach (var folder in (Directory.Exists(runs) ? Directory.GetDirectories(runs) : []).Order(StringComparer.Ordinal).Select(static path => new RunFolder(path)).Where(static run => run.Exists))
        {
            if (!Has(folder, suite))
            {
                continue;
            }

            foreach (var result in folder.ReadResults().All.Where(result => result.Score is not null && string.Equals(result.Key.Suite, suite.Hash, StringComparison.Ordinal)))
            {
                if (!found.TryGetValue(result.Key.Model, out var results))
                {
                    found[result.Key.Model] = results = [];
                }

                results[(result.Key.Case, result.Key.Repeat)] = result;
            }
        }

        found.Remove(Candidate.Recorded.Name);
        return [.. found.Select(one => Of(one.Key, suite, one.Value.Values))];
    }

    /// <summary>A model from its results of a suite.</summary>
    public static KnownModel Of(string name, Suite suite, IReadOnlyCollection<EvalResult> results)
    {
        var byCase = results.Where(static result => result.Score is not null).ToLookup(static result => result.Key.Case, StringComparer.Ordinal);
        var scores = Asked(suite).Select(asked => byCase[asked.Id].Select(static result => result.Score!.Value).DefaultIfEmpty(double.NaN).Average()).ToArray();
        var answers = results.Select(static result => result.Answer).OfType<EvalAnswer>().ToList();
        return new(name, scores, answers.Count > 0 && answers.TrueForAll(static answer => answer.CostUsd is not null) ? answers.Average(static answer => answer.CostUsd!.Value) : null);
    }

    /// <summary>The cases of a suite that models are asked: those that bring no answer along.</summary>
    public static IEnumerable<SuiteCase> Asked(Suite suite) => suite.Cases.Where(static asked => asked.Output is null);

    private static bool Has(RunFolder folder, Suite suite)
    {
        try
        {
            return folder.ReadManifest() is { Simulated: false } manifest && manifest.Suites.Any(one => string.Equals(one.Hash, suite.Hash, StringComparison.Ordinal));
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or JsonException)
        {
            // Somebody else's trouble: a run that cannot be read knows nothing.
            return false;
        }
    }
}
