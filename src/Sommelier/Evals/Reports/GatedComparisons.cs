using Sommelier.Statistics.Planning;

namespace Sommelier.Evals.Reports;

/// <summary>Several models held to their baselines at once, of which none may pass or fail by luck.</summary>
/// <remarks>
/// Holm's procedure (<see cref="Statistics.Multiplicity.Holm"/>) by intervals: each of m models is judged at alpha / m; those with a
/// verdict leave, and the others are judged again at alpha / the number that is left, until no more verdicts come. It never says less than alpha / m for all does.
/// </remarks>
internal static class GatedComparisons
{
    /// <summary>Compares each model with its baseline, in the order given.</summary>
    /// <param name="pairs">Each model's scores and those it is held to.</param>
    /// <param name="maxRegression">How much worse is still fine, 0 to 1.</param>
    /// <param name="alpha">The chance that any verdict is wrong.</param>
    public static IReadOnlyList<ModelComparison> Of(IReadOnlyList<(CaseScores Model, CaseScores Baseline)> pairs, double maxRegression, double alpha)
    {
        var judged = new ModelComparison[pairs.Count];
        var open = Enumerable.Range(0, pairs.Count).ToList();
        while (open.Count > 0)
        {
            var rule = new RegressionGate(maxRegression, 1 - (alpha / open.Count));
            foreach (var place in open)
            {
                judged[place] = ModelComparison.Of(pairs[place].Model, pairs[place].Baseline, rule);
            }

            if (open.RemoveAll(place => judged[place].Gate is { Verdict: not Verdict.Inconclusive }) == 0)
            {
                break;
            }
        }

        return judged;
    }
}
