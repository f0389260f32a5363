using Sommelier.Statistics.Distributions;

namespace Sommelier.Tests.Statistics;

/// <summary>Against SciPy, from deep in the tails to millions of degrees of freedom.</summary>
public sealed class DistributionTests
{
    private static readonly System.Text.Json.Nodes.JsonObject SciPy = Reference.Read("distributions");

    [Fact]
    public void Normal()
    {
        Each("normal_quantile", r => (NormalDistribution.Quantile(r[0]), r[1]), 1e-12);
        Each("normal_cumulative", r => (NormalDistribution.Cumulative(r[0]), r[1]), 1e-12);
        Assert.Equal(1.959963984540054, NormalDistribution.TwoSided(0.95), 14);
        Assert.Equal(double.NegativeInfinity, NormalDistribution.Quantile(0));
        Assert.Equal(double.PositiveInfinity, NormalDistribution.Quantile(1));
    }

    [Fact]
    public void Student()
    {
        Each("t_two_sided", r => (StudentT.TwoSided(r[0], r[1]), r[2]), 1e-9);
        Each("t_two_sided_p", r => (StudentT.TwoSidedP(r[0], r[1]), r[2]), 1e-9);
        Assert.Equal(0.975, StudentT.Cumulative(StudentT.Quantile(0.975, 7), 7), 12);
        Assert.Equal(-StudentT.Quantile(0.9, 4), StudentT.Quantile(0.1, 4), 12);

        // The table in the back of every textbook.
        Assert.Equal(12.706, StudentT.TwoSided(0.95, 1), 3);
        Assert.Equal(2.262, StudentT.TwoSided(0.95, 9), 3);
        Assert.Equal(2.750, StudentT.TwoSided(0.99, 30), 3);
    }

    [Fact]
    public void Gamma_and_beta()
    {
        Each("log_gamma", r => (GammaFunction.LogGamma(r[0]), r[1]), 1e-13, 1e-14);
        Each("log_beta", r => (GammaFunction.LogBeta(r[0], r[1]), r[2]), 1e-13, 1e-13);
        Each("beta_cumulative", r => (BetaDistribution.Cumulative(r[0], r[1], r[2]), r[3]), 1e-11, 1e-15);
        Each("beta_quantile", r => (BetaDistribution.Quantile(r[0], r[1], r[2]), r[3]), 1e-11);
        Assert.Equal(Math.Log(2598960), GammaFunction.LogChoose(52, 5), 12);
    }

    [Fact]
    public void Binomial_tails()
    {
        Each("binomial_at_most", r => (Binomial.AtMost((int)r[0], (int)r[1], r[2]), r[3]), 1e-9);

        // Both tails of one cut make one.
        Assert.Equal(1, Binomial.AtMost(6, 17, 0.3) + Binomial.AtLeast(7, 17, 0.3), 14);
        Assert.Equal(1, Enumerable.Range(0, 18).Sum(k => Binomial.Probability(k, 17, 0.3)), 12);
        Assert.Equal((0.0, 1.0, 1.0, 0.0), (Binomial.AtMost(-1, 5, 0.5), Binomial.AtMost(5, 5, 0.5), Binomial.AtLeast(0, 5, 0.5), Binomial.AtLeast(6, 5, 0.5)));
        Assert.Equal((1.0, 0.0), (Binomial.Probability(0, 4, 0), Binomial.Probability(3, 4, 1)));
    }

    private static void Each(string key, Func<double[], (double Actual, double Expected)> compare, double relative, double absolute = 0)
    {
        var rows = SciPy.Rows(key);
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var (actual, expected) = compare(row);
            Reference.Close(expected, actual, relative, $"{key}({string.Join(", ", row)})", absolute);
        }
    }
}
