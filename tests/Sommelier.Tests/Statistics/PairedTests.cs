using CsCheck;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Paired;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Tests.Statistics;

public sealed class PairedTests
{
    private const double Rounding = 1e-12;

    private static readonly System.Text.Json.Nodes.JsonObject Other = Reference.Read("comparisons");

    [Fact]
    public void McNemar_is_that_of_statsmodels()
    {
        Assert.All(Other.Rows("mcnemar"), r => Reference.Close(r[2], McNemar.Exact(new(0, (int)r[0], (int)r[1], 0)), 1e-10));
        Assert.All(Other.Rows("mid_p"), r => Reference.Close(r[2], McNemar.MidP(new(0, (int)r[0], (int)r[1], 0)), 1e-10));

        // Which of both: the mid-p value with few discordant items.
        Assert.Equal(McNemar.MidP(new(9, 12, 3, 1)), McNemar.PValue(new(9, 12, 3, 1)));
        Assert.Equal(McNemar.Exact(new(9, 30, 11, 1)), McNemar.PValue(new(9, 30, 11, 1)));
    }

    [Fact]
    public void Tango_interval_is_where_the_score_of_the_numerically_maximised_likelihood_reaches_z() => Assert.All(Other.Rows("tango"), r =>
    {
        var interval = TangoInterval.Of(new((int)(r[2] - r[0] - r[1]), (int)r[0], (int)r[1], 0));
        Assert.Equal(r[3], interval.Low, 6);
        Assert.Equal(r[4], interval.High, 6);
    });

    [Fact]
    public void Posterior_is_that_of_quadrature()
    {
        Assert.All(Other.Rows("a_better"), r => Reference.Close(r[3], new PairedPosterior(new(7, (int)r[0], (int)r[1], 2), r[2]).ABetter, 1e-9));

        // Mean in closed form, and the draws spread as Dirichlet's variance says.
        var posterior = new PairedPosterior(new(10, 6, 2, 4));
        Assert.Equal((7.0 - 3) / 26, posterior.Mean, 12);
        var variance = (((7.0 + 3) / 26) - Math.Pow(4.0 / 26, 2)) / 27;
        Assert.Equal(2 * 1.645 * Math.Sqrt(variance), 2 * posterior.Interval(1, 40_000, 0.9).HalfWidth, 0.02);
        Assert.Equal(posterior.Interval(1), posterior.Interval(1));
    }

    [Fact]
    public void The_difference_of_right_and_wrong_has_the_books_standard_error()
    {
        // GSM8K, two models: 383 against 95 of 1,319: .218, .188 to .249.
        var cells = new PairedCells(700, 383, 95, 141);
        Assert.Equal(0.218, cells.Difference, 3);
        var interval = Interval.Around(cells.Difference, 1.96 * cells.StandardError);
        Assert.Equal((0.188, 0.249), (Math.Round(interval.Low, 3), Math.Round(interval.High, 3)));
    }

    [Fact]
    public void Cells_are_counted_and_other_scores_refused()
    {
        var scores = PairedScores.Of([1, 1, 0, 0, 1], [1, 0, 1, 0, 0]);
        Assert.Equal(new(1, 2, 1, 1), PairedCells.Of(scores));
        Assert.True(scores.AreBinary);
        Assert.Contains("1 and 0", Assert.Throws<ArgumentException>(() => PairedCells.Of(PairedScores.Of([0.5], [1]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_score_takes_its_item_out_of_both()
    {
        var scores = PairedScores.Of([1, double.NaN, 0.5, 0.25], [0, 1, double.NaN, 0.5], Clusters.Of<string>(["x", "x", "y", "z"]));
        Assert.Equal((2, 2, 2), (scores.Count, scores.Missing, scores.Units));
        Assert.Equal([1, -0.25], scores.Differences.ToArray());
        Assert.Equal([0, 1], scores.Clusters!.Codes.ToArray());
        Assert.Throws<ArgumentException>(() => PairedScores.Of([1], [1, 0]));
    }

    [Fact]
    public void Clustered_error_is_that_of_statsmodels()
    {
        var row = Other["clustered"]!;
        var estimate = ClusteredMean.Of(Reference.Numbers(row["values"]), Clusters.Of<int>(Reference.Whole(row["labels"])));
        Reference.Close((double)row["mean"]!, estimate.Mean, 1e-12);
        Reference.Close((double)row["error"]!, estimate.StandardError, 1e-10);
        Reference.Close((double)row["low"]!, estimate.Interval().Low, 1e-9);
        Reference.Close((double)row["high"]!, estimate.Interval().High, 1e-9);
        Reference.Close((double)row["p"]!, estimate.PValue(), 1e-8);
    }

    [Fact]
    public void Clusters_of_one_give_the_plain_error_and_copies_none_of_their_own() => Gen.Double[0, 1].Array[2, 40].Sample(values =>
    {
        var plain = MeanEstimate.Of(values);
        var single = ClusteredMean.Of(values, Clusters.Of<int>([.. Enumerable.Range(0, values.Length)]));
        Reference.Close(plain.StandardError, single.StandardError, 1e-9, absolute: 1e-12);

        double[] copied = [.. values, .. values, .. values];
        var clusters = Clusters.Of<int>([.. Enumerable.Range(0, copied.Length).Select(i => i % values.Length)]);
        Reference.Close(plain.StandardError, ClusteredMean.Of(copied, clusters).StandardError, 1e-9, absolute: 1e-12);
        if (plain.StandardError > 1e-6)
        {
            Reference.Close(3.0 * values.Length / (values.Length - 1) * (values.Length - (1 / 3.0)) / values.Length, ClusteredMean.DesignEffect(copied, clusters), 1e-6);
        }
    }, iter: 300);

    [Fact]
    public void Swapping_the_models_mirrors_everything() => Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[1, 30]).Sample((both, a, b, neither) =>
    {
        var (cells, swapped) = (new PairedCells(both, a, b, neither), new PairedCells(both, b, a, neither));
        Assert.Equal(cells.Difference, -swapped.Difference, 1e-12);
        Assert.Equal(McNemar.PValue(cells), McNemar.PValue(swapped), 1e-12);
        Assert.Equal(1, new PairedPosterior(cells).ABetter + new PairedPosterior(swapped).ABetter, 1e-10);
        var (interval, mirror) = (TangoInterval.Of(cells), TangoInterval.Of(swapped));
        Assert.Equal(interval.Low, -mirror.High, 1e-9);
        Assert.True(interval.Contains(cells.Difference) && interval.Low >= -1 && interval.High <= 1);
    }, iter: 500);

    [Fact]
    public void Intervals_contain_what_they_are_about() => Gen.Select(Gen.Double[0, 1].Array[2, 50], Gen.Int[0, 1000]).Sample((values, seed) =>
    {
        var mean = Moments.Mean(values);
        Assert.True(Contains(MeanEstimate.Of(values).Interval(), mean));
        Assert.True(Contains(WilsonInterval.Of(values.Sum(), values.Length), mean));
        var narrow = WilsonInterval.Of(values.Sum(), values.Length, 0.8);
        var wide = WilsonInterval.Of(values.Sum(), values.Length, 0.99);
        Assert.True(wide.Low <= narrow.Low + Rounding && narrow.High <= wide.High + Rounding);
        var bootstrap = Bootstrap.Mean(values, (ulong)seed, 200);
        Assert.True(bootstrap.Low >= values.Min() - Rounding && bootstrap.High <= values.Max() + Rounding && bootstrap.Low <= bootstrap.High);

        // A mean of 1e-16 lies a rounding beside the end of its interval.
        static bool Contains(Interval interval, double value) => interval.Low <= value + Rounding && value <= interval.High + Rounding;
    }, iter: 300);

    [Fact]
    public void Paired_bootstrap_is_near_the_paired_t_interval()
    {
        double[] a = [.. Enumerable.Range(0, 400).Select(i => (i * 31 % 97) / 97.0)];
        double[] b = [.. a.Select((x, i) => (0.8 * x) + ((i * 17 % 23) / 200.0))];
        var scores = PairedScores.Of(a, b);
        var (t, bootstrap) = (scores.Difference().Interval(), scores.Bootstrap(1));
        Assert.Equal(t.Low, bootstrap.Low, 0.1 * t.HalfWidth);
        Assert.Equal(t.High, bootstrap.High, 0.1 * t.HalfWidth);
    }

    [Fact]
    public void Item_means_leave_out_what_is_missing()
    {
        Assert.Equal([0.5, 1, double.NaN, double.NaN], Scores.ItemMeans([1, 1, 0, double.NaN, double.NaN], [0, 1, 0, 1, 2], 4));
        Assert.Throws<ArgumentException>(() => Scores.ItemMeans([1, 0], [0], 1));
    }

    [Fact]
    public void Item_means_have_the_error_of_repeats_in_clusters()
    {
        int[] items = [.. Enumerable.Range(0, 120).Select(i => i / 4)];
        double[] scores = [.. Enumerable.Range(0, 120).Select(i => (i * 29 % 31) / 31.0)];
        var (means, repeats) = (MeanEstimate.Of(Scores.ItemMeans(scores, items, 30)), ClusteredMean.Of(scores, Clusters.Of<int>(items)));
        Assert.Equal(repeats.Mean, means.Mean, 12);
        Assert.Equal(repeats.StandardError, means.StandardError, 12);
    }
}
