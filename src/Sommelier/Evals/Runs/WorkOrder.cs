using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>The order in which a run asks.</summary>
/// <remarks>
/// Seeded chance, with each intent spread evenly over the run, and all models at one case before the next: only then may a
/// comparison look at its results at any time and end early.
/// </remarks>
internal static class WorkOrder
{
    /// <summary>Every item of a run.</summary>
    /// <param name="suites">What is asked.</param>
    /// <param name="models">Who is asked; cases that bring their answer along ask nobody.</param>
    /// <param name="repeats">How often each case is asked; null: as the suite says.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="most">How many cases are asked; null for all. They are the first ones of the whole order, which stays as it is when there are more later.</param>
    public static IReadOnlyList<WorkItem> Of(IReadOnlyList<Suite> suites, IReadOnlyList<Candidate> models, int? repeats, int seed, int? most = null)
    {
        var random = new Random(seed);
        var places = new List<(double At, Suite Suite, SuiteCase Case, int Repeat)>();
        var strata = suites.SelectMany(static suite => suite.Cases.Select(one => (suite, one))).GroupBy(static pair => pair.one.Intent);
        foreach (var stratum in strata)
        {
            var asked = stratum.SelectMany(pair => Enumerable.Range(0, pair.one.Output is null ? repeats ?? pair.one.Repeats : 1).Select(repeat => (pair.suite, pair.one, repeat))).ToArray();
            random.Shuffle(asked);
            for (var i = 0; i < asked.Length; i++)
            {
                places.Add(((i + random.NextDouble()) / asked.Length, asked[i].suite, asked[i].one, asked[i].repeat));
            }
        }

        // A stable sort: what falls on one place stays in the order of the draw.
        var sorted = places.OrderBy(static place => place.At).ToList();
        var drawn = sorted.Select(static place => place.Case).Distinct<SuiteCase>(ReferenceEqualityComparer.Instance).Take(most ?? int.MaxValue).ToHashSet<SuiteCase>(ReferenceEqualityComparer.Instance);
        return [.. sorted.Where(place => drawn.Contains(place.Case)).SelectMany((place, number) =>
            (place.Case.Output is null ? models : [Candidate.Recorded]).Select(model => new WorkItem(place.Suite, place.Case, model, place.Repeat, number)))];
    }
}
