namespace Sommelier.Statistics.Distributions;

/// <summary>Tails of the binomial distribution, by the incomplete beta function (Abramowitz and Stegun 26.5.24).</summary>
internal static class Binomial
{
    /// <summary>The chance of exactly k successes in n trials.</summary>
    public static double Probability(int k, int n, double p)
    {
        if (k < 0 || k > n)
        {
            return 0;
        }

        if (p is <= 0 or >= 1)
        {
            return k == (p <= 0 ? 0 : n) ? 1 : 0;
        }

        return Math.Exp(GammaFunction.LogChoose(n, k) + (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p)));
    }

    /// <summary>The chance of k successes or fewer in n trials.</summary>
    public static double AtMost(int k, int n, double p) =>
        k < 0 ? 0 : k >= n ? 1 : BetaDistribution.Cumulative(1 - p, n - k, k + 1);

    /// <summary>The chance of k successes or more in n trials.</summary>
    public static double AtLeast(int k, int n, double p) =>
        k <= 0 ? 1 : k > n ? 0 : BetaDistribution.Cumulative(p, k, n - k + 1);
}
