using System.Text.Json;
using Sommelier.RouterBenchmark.Metrics;
using Sommelier.TestKit;

namespace Sommelier.Tests.RouterBenchmark;

/// <summary>Metrics against values worked out by hand, and against what others published.</summary>
public sealed class MetricTests
{
    // Ten questions by rising score: the strong model is right on all, the weak one on the first five.
    private static readonly PairScore[] Perfect = [.. Enumerable.Range(0, 10).Select(i => new PairScore(i, i < 5 ? 1 : 0, 1))];

    [Fact]
    public void Pair_curve_has_the_deciles_of_the_scores()
    {
        var curve = PairCurve.Of(Perfect, []);

        // Deciles of 0..9 are 0.9, 1.8 ... 8.1: under them lie 1, 2 ... 9 questions.
        Assert.Equal([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], curve.Shares.Select(s => Math.Round(s, 9)));
        Assert.Equal([0.5, 0.6, 0.7, 0.8, 0.9, 1, 1, 1, 1, 1, 1], curve.Quality.Select(q => Math.Round(q, 9)));
    }

    [Fact]
    public void Apgr_and_Cpt_by_hand()
    {
        var curve = PairCurve.Of(Perfect, []);

        // Area over 0.5: a triangle 0.5 x 0.5 / 2 and a square 0.5 x 0.5, over 0.5.
        Assert.Equal(0.75, Apgr.Of(curve), 9);
        Assert.Equal(0.25, Cpt.Of(curve, 0.5), 9);
        Assert.Equal(0.4, Cpt.Of(curve, 0.8), 9);
    }

    [Fact]
    public void Scores_that_are_all_equal_are_worth_what_chance_is()
    {
        var curve = PairCurve.Of([.. Perfect.Select(p => p with { Score = 1 })], []);

        Assert.Equal(0.5, Apgr.Of(curve), 9);
        Assert.Equal(0.8, Cpt.Of(curve, 0.8), 9);
    }

    [Fact]
    public void Counting_a_question_twice_is_having_it_twice()
    {
        int[] times = [2, 0, 1, 1, 3, 1, 1, 0, 1, 0];
        PairScore[] written = [.. Perfect.SelectMany((p, i) => Enumerable.Repeat(p, times[i]))];

        Assert.Equal(PairCurve.Of(written, []).Quality, PairCurve.Of(Perfect, times).Quality);
        Assert.Equal(PairCurve.Of(written, []).Shares, PairCurve.Of(Perfect, times).Shares);
    }

    [Fact]
    public void Aiq_by_hand()
    {
        // From (0, 0) to (1, 0.5), then to (3, 0.9), flat to 5; (2, 0.6) lies under the hull.
        (double, double)[] points = [(1, 0.5), (2, 0.6), (3, 0.9), (4, 0.8)];

        Assert.Equal([(0, 0), (1, 0.5), (3, 0.9)], Aiq.Hull(points));
        Assert.Equal(((2 * 0.7) + (2 * 0.9)) / 4, Aiq.Of(points, 1, 5), 9);
        Assert.Equal(((0.5 * 0.375) + (2 * 0.7)) / 2.5, Aiq.Of(points, 0.5, 3), 9);
    }

    [Fact]
    public void Arena_score_of_perfection_is_a_hundred()
    {
        Assert.Equal(100, ArenaScore.Of(1, 0.0044), 9);
        Assert.Equal(0, ArenaScore.Of(1, 200), 9);
    }

    [Fact]
    public void Arena_score_gives_the_published_ones_from_published_accuracy_and_cost()
    {
        var file = Shared.Path("data", "routing", "leaderboards", "routerarena_leaderboard_2026-08-20.json");
        using var board = JsonDocument.Parse(File.ReadAllBytes(file));
        var routers = board.RootElement.EnumerateArray().ToList();

        // Costs are published in whole cents: a score must lie within 0.05 of what some cost that rounds so gives. One of the 31
        // (75.17 at 0.08 USD) is 0.053 away at the rounded cost itself, the others are nearer than 0.05 there too.
        Assert.Equal(31, routers.Count);
        Assert.True(routers.Count(router => Math.Abs(Score(router, 0) - Published(router)) <= 0.05) >= 30);
        Assert.All(routers, router => Assert.InRange(Published(router), Score(router, 0.005) - 0.05, Score(router, -0.005) + 0.05));

        static double Published(JsonElement router) => router.GetProperty("Arena Score").GetDouble();

        static double Score(JsonElement router, double cents) =>
            ArenaScore.Of(router.GetProperty("Accuracy").GetDouble() / 100, router.GetProperty("Cost per 1k").GetDouble() + cents);
    }
}
