using System.Text.Json.Nodes;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Tests.Statistics;

public sealed class IntervalTests
{
    private static readonly JsonObject SciPy = Reference.Read("distributions");

    [Fact]
    public void Wilson_is_that_of_statsmodels()
    {
        foreach (var row in SciPy.Rows("wilson"))
        {
            var interval = WilsonInterval.Of(row[0], row[1], row[2]);
            Reference.Close(row[3], interval.Low, 1e-12, absolute: 1e-14);
            Reference.Close(row[4], interval.High, 1e-12);
        }
    }

    [Fact]
    public void Beta_interval_of_nothing_seen_is_its_prior()
    {
        var interval = BetaInterval.Of(0, 0, 0.9);
        Assert.Equal(0.05, interval.Low, 12);
        Assert.Equal(0.95, interval.High, 12);

        // All right: the posterior is x^(n + 1), in closed form.
        var all = BetaInterval.Of(9, 0);
        Assert.Equal(Math.Pow(0.025, 0.1), all.Low, 12);
        Assert.Equal(Math.Pow(0.975, 0.1), all.High, 12);
    }

    [Fact]
    public void Mean_with_t_is_that_of_SciPy()
    {
        foreach (var row in SciPy["mean_t"]!.AsArray())
        {
            var estimate = MeanEstimate.Of(Reference.Numbers(row!["values"]));
            var interval = estimate.Interval();
            Reference.Close((double)row["low"]!, interval.Low, 1e-9);
            Reference.Close((double)row["high"]!, interval.High, 1e-9);
            Reference.Close((double)row["p"]!, estimate.PValue(0.6), 1e-9);
        }
    }

    [Fact]
    public void Bca_is_that_of_SciPy_within_the_noise_of_its_draws()
    {
        foreach (var row in SciPy["bca"]!.AsArray())
        {
            var values = Reference.Numbers(row!["values"]);
            var noise = 0.03 * MeanEstimate.Of(values).Interval().HalfWidth;
            var interval = BcaBootstrap.Mean(values, 1, 100_000);
            Assert.Equal((double)row["low"]!, interval.Low, noise);
            Assert.Equal((double)row["high"]!, interval.High, noise);
        }
    }

    [Fact]
    public void One_value_sets_no_bound_and_equal_values_leave_no_doubt()
    {
        Assert.Equal(Interval.Unbounded, MeanEstimate.Of([0.4]).Interval());
        Assert.Equal(1, MeanEstimate.Of([0.4]).PValue());
        Assert.Equal(Interval.Unbounded, BcaBootstrap.Mean([0.4], 1));
        Assert.Equal(new(0.5, 0.5), BcaBootstrap.Mean([0.5, 0.5, 0.5], 1));
        Assert.Equal(0, MeanEstimate.Of([0.5, 0.5, 0.5]).PValue());
    }

    [Fact]
    public void What_makes_no_sense_is_refused_by_name()
    {
        Assert.Equal("confidence", Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(1, 2, 95)).ParamName);
        Assert.Equal("successes", Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(3, 2)).ParamName);
        Assert.Equal("trials", Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(0, 0)).ParamName);
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => MeanEstimate.Of([])).ParamName);
        Assert.Equal("values", Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.Mean([], 1)).ParamName);
    }
}
