using Sommelier.Statistics.Distributions;

namespace Sommelier.Tests.Statistics;

public sealed class BetaDistributionTests
{
    [Theory]
    [InlineData(0.1, 1, 1, 0.1)]
    [InlineData(0.9, 1, 1, 0.9)]
    // Beta(a, 1): x^a.
    [InlineData(0.1, 3, 1, 0.46415888336127786)]
    // Beta(1, b): 1 - (1 - x)^b.
    [InlineData(0.1, 1, 5, 0.020851637639023247)]
    // Beta(2, 2): 3x^2 - 2x^3 = 0.5 at one half.
    [InlineData(0.5, 2, 2, 0.5)]
    // Arcsine law: sin^2(pi p / 2).
    [InlineData(0.1, 0.5, 0.5, 0.024471741852423234)]
    public void Quantiles_agree_with_closed_forms(double p, double a, double b, double x) =>
        Assert.Equal(x, BetaDistribution.Quantile(p, a, b), 12);

    [Theory]
    // From the binomial sum: P(X >= a) for n = a + b - 1 throws with chance x.
    [InlineData(0.7, 7, 4, 0.6496107184)]
    [InlineData(0.5, 8, 3, 0.0546875)]
    [InlineData(0.9, 30, 10, 0.99583527913)]
    public void Cumulative_agrees_with_the_binomial_sum(double x, double a, double b, double p) =>
        Assert.Equal(p, BetaDistribution.Cumulative(x, a, b), 8);

    [Fact]
    public void Quantile_inverts_the_cumulative_function_over_the_masses_in_use()
    {
        for (var mean = 0.1; mean < 0.95; mean += 0.05)
        {
            foreach (var mass in (double[])[5, 10, 40, 500])
            {
                var x = BetaDistribution.Quantile(0.1, mean * mass, (1 - mean) * mass);
                Assert.Equal(0.1, BetaDistribution.Cumulative(x, mean * mass, (1 - mean) * mass), 7);
            }
        }
    }

    [Fact]
    public void A_certain_success_or_failure_is_a_point()
    {
        Assert.Equal(1, BetaDistribution.Quantile(0.1, 10, 0));
        Assert.Equal(0, BetaDistribution.Quantile(0.1, 0, 10));
    }
}
