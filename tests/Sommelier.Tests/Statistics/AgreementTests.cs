using Sommelier.Statistics.Agreement;

namespace Sommelier.Tests.Statistics;

public sealed class AgreementTests
{
    private const double None = double.NaN;

    [Fact]
    public void Kappa_is_that_of_statsmodels() => Assert.All(Reference.Read("comparisons")["kappa"]!.AsArray(), row =>
    {
        var kappa = CohenKappa.Of(Reference.Whole(row!["first"]), Reference.Whole(row["second"]), 3);
        Reference.Close((double)row["kappa"]!, kappa.Kappa, 1e-10);
        Reference.Close((double)row["error"]!, kappa.StandardError, 1e-10);
    });

    [Fact]
    public void Kappa_is_that_of_the_textbook()
    {
        // 20 + 15 agreed, 5 and 10 not: agreement .7, by chance .5, kappa .4.
        int[] first = [.. Enumerable.Repeat(1, 25), .. Enumerable.Repeat(0, 25)];
        int[] second = [.. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(0, 5), .. Enumerable.Repeat(1, 10), .. Enumerable.Repeat(0, 15)];
        var kappa = CohenKappa.Of(first, second, 2);
        Assert.Equal((0.7, 0.5, 0.4), (Math.Round(kappa.Agreement, 12), Math.Round(kappa.ByChance, 12), Math.Round(kappa.Kappa, 12)));
        Assert.True(double.IsNaN(CohenKappa.Of([1, 1], [1, 1], 2).Kappa));
        Assert.Equal(1, CohenKappa.Of([1, 0], [1, 0], 2).Kappa);
    }

    [Fact]
    public void Alpha_is_that_of_Krippendorffs_example()
    {
        // "Computing Krippendorff's Alpha-Reliability", 2011, section C: four observers, twelve units, .743 nominal, .849 interval.
        double[][] ratings =
        [
            [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
            [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
            [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
            [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
        ];
        Assert.Equal(0.743, KrippendorffAlpha.Of(ratings, RatingDistance.Nominal)!.Value, 3);
        Assert.Equal(0.849, KrippendorffAlpha.Of(ratings, RatingDistance.Interval)!.Value, 3);
        Assert.Null(KrippendorffAlpha.Of([[1, None], [None, 1]], RatingDistance.Nominal));
        Assert.Null(KrippendorffAlpha.Of([[1, 1], [1, 1]], RatingDistance.Nominal));
    }
}
