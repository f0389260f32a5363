using System.Text.Json.Nodes;
using CsCheck;
using Sommelier.Statistics.Ranking;

namespace Sommelier.Tests.Statistics;

public sealed class RankingTests
{
    private static readonly JsonObject Other = Reference.Read("comparisons");

    [Fact]
    public void Strengths_are_those_of_a_general_optimiser_with_ties()
    {
        var row = Other["bradley_terry"]!;
        var fit = new BradleyTerry(Games(row), 5).Fit();
        Close(row["strengths"], fit.Strengths);
        Assert.Equal(0, fit.Strengths.Sum(), 8);
        Assert.Empty(fit.StyleEffects);
    }

    [Fact]
    public void Strengths_are_those_of_logistic_regression_without_ties() =>
        Close(Other["bradley_terry_sklearn"]!["strengths"], new BradleyTerry(Games(Other["bradley_terry_sklearn"]!), 4).Fit().Strengths);

    [Fact]
    public void Style_is_told_from_strength()
    {
        var row = Other["bradley_terry_style"]!;
        var style = StyleDifferences.Of(Rows(row["first"]), Rows(row["second"]));
        var fit = new BradleyTerry(Games(row), 5, style).Fit();
        Close(row["strengths"], fit.Strengths);
        Close(row["effects"], fit.StyleEffects);

        // Made with 0.5 for the first feature and none for the second.
        Assert.InRange(fit.StyleEffects[0], 0.25, 0.75);
        Assert.InRange(fit.StyleEffects[1], -0.25, 0.25);
    }

    [Fact]
    public void Style_differences_are_z_scores()
    {
        var row = Other["style"]!;
        var style = StyleDifferences.Of(Rows(row["first"]), Rows(row["second"]));
        Assert.Equal((2, 30), (style.Features, style.Games));
        for (var game = 0; game < 30; game++)
        {
            Close(row["rows"]![game], style[game].ToArray());
        }

        Assert.Equal([0, 0], StyleDifferences.Of([[3, 3]], [[3, 3]])[0].ToArray().Append(0));
    }

    [Fact]
    public void Odds_of_ten_to_one_are_400_points()
    {
        // Two models, ten wins to one: the closed form is ln 10.
        var games = new BradleyTerry([.. Enumerable.Repeat(new Game(0, 1, 1), 10), new(0, 1, 0)], 2, ridge: 1e-9);
        var fit = games.Fit();
        Assert.Equal(1400, fit.Rating(0, 1), 3);
        Assert.Equal(1000, fit.Rating(1, 1));
        Assert.Equal(10.0 / 11, fit.WinProbability(0, 1), 6);
    }

    [Fact]
    public void A_model_that_won_every_game_has_a_finite_strength_above_all()
    {
        var fit = new BradleyTerry([new(0, 1, 1), new(0, 2, 1), new(1, 2, 1), new(2, 1, 1), new(0, 1, 1)], 3).Fit();
        Assert.True(double.IsFinite(fit.Strengths[0]) && fit.Strengths[0] > fit.Strengths[1] && fit.Strengths[0] > fit.Strengths[2]);
    }

    [Fact]
    public void Order_of_games_sides_and_names_does_not_matter() => Gen.Select(Gen.Int[0, 3], Gen.Int[1, 3], Gen.Int[0, 2]).Select((i, step, y) => new Game(i, (i + step) % 4, y / 2.0)).Array[5, 60].Sample(games =>
    {
        var strengths = new BradleyTerry(games, 4).Fit().Strengths;
        var turned = games.Reverse().Select(g => new Game(3 - g.Second, 3 - g.First, 1 - g.Outcome)).ToArray();
        var mirrored = new BradleyTerry(turned, 4).Fit().Strengths;
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(strengths[i], mirrored[3 - i], 1e-7));
    }, iter: 200);

    [Fact]
    public void A_weight_of_three_is_three_games()
    {
        Game[] one = [new(0, 1, 1, 3), new(1, 2, 1), new(2, 0, 0.5)];
        Game[] three = [new(0, 1, 1), new(0, 1, 1), new(0, 1, 1), new(1, 2, 1), new(2, 0, 0.5)];
        Assert.Equal(new BradleyTerry(one, 3).Fit().Strengths.Select(s => Math.Round(s, 9)), new BradleyTerry(three, 3).Fit().Strengths.Select(s => Math.Round(s, 9)));
    }

    [Fact]
    public void Standings_have_intervals_of_the_right_width_and_ranks_that_overlap()
    {
        // Two models, 300 games, 60 % won: the interval of ln odds in closed form is z / sqrt(n p (1 - p)).
        Game[] games = [.. Enumerable.Range(0, 300).Select(i => new Game(0, 1, i < 180 ? 1 : 0))];
        var standings = Standings.Of(new(games, 2, ridge: 1e-9), 1, 5, 2_000);
        Assert.Equal(1000, standings[1].Rating, 9);
        Assert.Equal(1000 + (400 * Math.Log10(1.5)), standings[0].Rating, 3);

        // Half of it each, since strengths lie around the models' average.
        var half = 1.96 / Math.Sqrt(300 * 0.24) / 2 * 400 / Math.Log(10);
        Assert.Equal(half, standings[0].Interval.HalfWidth, 0.07 * half);
        Assert.Equal((1, 2), (standings[0].Rank, standings[1].Rank));
        Assert.Equal(standings, Standings.Of(new(games, 2, ridge: 1e-9), 1, 5, 2_000));
        Assert.Equal([1, 1, 3, 3], Standings.Ranks([new(5, 9), new(4, 6), new(1, 3), new(0, 2)]));
    }

    [Fact]
    public void What_is_no_game_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new BradleyTerry([new(0, 0, 1)], 2));
        Assert.Equal("games", Assert.Throws<ArgumentOutOfRangeException>(() => Standings.Of(new([], 2), 0, 1)).ParamName);
        Assert.Throws<ArgumentException>(() => new BradleyTerry([new(0, 2, 1)], 2));
        Assert.Throws<ArgumentException>(() => new BradleyTerry([new(0, 1, 2)], 2));
        Assert.Throws<ArgumentException>(() => new BradleyTerry([new(0, 1, double.NaN)], 2));
    }

    private static Game[] Games(JsonNode row) => [.. Rows(row["games"]).Select(g => new Game((int)g[0], (int)g[1], g[2]))];

    private static double[][] Rows(JsonNode? node) => [.. node!.AsArray().Select(Reference.Numbers)];

    private static void Close(JsonNode? expected, double[] actual) =>
        Assert.Equal(Reference.Numbers(expected).Select(x => Math.Round(x, 4)), actual.Select(x => Math.Round(x, 4)), (x, y) => Math.Abs(x - y) < 2e-4);
}
