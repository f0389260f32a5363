using Sommelier.Statistics.Distributions;

namespace Sommelier.Statistics.Intervals;

/// <summary>The equal-tailed credible interval of a share under a Beta prior: (1 - confidence)/2 of the posterior lies on each side.</summary>
/// <remarks>
/// Beta(a + k, b + n - k) (Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4). With the even prior (1, 1) it is close
/// to Wilson's (Brown, Cai and DasGupta, Statistical Science 16, 2001); with weights for counts it is the interval of a cell of
/// the quality table.
/// </remarks>
internal static class BetaInterval
{
    /// <param name="successes">Zero or above; may be a weighted sum of scores in [0, 1].</param>
    /// <param name="failures">Likewise.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    /// <param name="priorSuccesses">a, above 0.</param>
    /// <param name="priorFailures">b, above 0.</param>
    public static Interval Of(double successes, double failures, double confidence = 0.95, double priorSuccesses = 1, double priorFailures = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfNegative(failures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priorSuccesses);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(priorFailures);

        var tail = (1 - Interval.Checked(confidence)) / 2;
        var a = priorSuccesses + successes;
        var b = priorFailures + failures;
        return new(BetaDistribution.Quantile(tail, a, b), BetaDistribution.Quantile(1 - tail, a, b));
    }
}
