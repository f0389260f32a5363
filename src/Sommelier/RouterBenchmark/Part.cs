using Sommelier.RouterBenchmark.Contestants;
using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark;

/// <summary>A train side and the questions that are routed by what was learnt from it.</summary>
internal sealed record Part(TrainSide Train, IReadOnlyList<OutcomeRow> Test)
{
    /// <summary>Cuts a set by question: each question is in the test side of exactly one part, and in no train side beside it.</summary>
    /// <exception cref="OutcomeException">A part would be empty.</exception>
    public static IReadOnlyList<Part> Cut(OutcomeSet set, int parts, long seed) =>
        Whole(set, [.. Enumerable.Range(0, parts).Select(p => new Part(
            new(set, [.. set.Rows.Where(r => Folds.Of(r, parts, seed) != p)], seed),
            [.. set.Rows.Where(r => Folds.Of(r, parts, seed) == p)]))]);

    /// <summary>Learns from a whole set and tests on another of the same models, less the questions that both have.</summary>
    /// <exception cref="OutcomeException">The models differ, or nothing is left.</exception>
    public static IReadOnlyList<Part> Apart(OutcomeSet learn, OutcomeSet test, long seed)
    {
        if (!learn.Models.SequenceEqual(test.Models, StringComparer.Ordinal))
        {
            throw new OutcomeException([$"{test.Name}: the files to learn from and to test on have other models. Give both the same 'models' in the same order."]);
        }

        var known = learn.Rows.Select(r => r.Question).ToHashSet();
        return Whole(learn, [new(new(learn, learn.Rows, seed), [.. test.Rows.Where(r => !known.Contains(r.Question))])]);
    }

    private static IReadOnlyList<Part> Whole(OutcomeSet set, IReadOnlyList<Part> parts) =>
        parts.All(p => p.Test.Count > 0 && p.Train.Rows.Count > 0) ? parts
        : throw new OutcomeException([$"{set.Name}: {set.Rows.Count} rows are too few to learn from some and to test on others. Give more rows or fewer --folds."]);
}
