using Sommelier.Statistics.Distributions;

namespace Sommelier.Statistics.Intervals;

/// <summary>
/// A share of right answers. The default for scores that are 0 or 1, from the first item on; it keeps its coverage near 0 and
/// 1, where mean plus and minus two standard errors loses it (Bowyer et al., arXiv 2503.01747).
/// </summary>
/// <remarks>
/// Centre (p + z^2/2n) / (1 + z^2/n), half width z / (1 + z^2/n) * sqrt(p(1 - p)/n + z^2/4n^2): E. B. Wilson, "Probable
/// inference, the law of succession, and statistical inference", JASA 22, 1927. Items are independent of each other.
/// </remarks>
internal static class WilsonInterval
{
    /// <param name="successes">Between 0 and the trials. Need not be whole: the sum of scores in [0, 1] gives an interval that is too wide rather than too narrow, since p(1 - p) is the most such scores can vary.</param>
    /// <param name="trials">Above 0. Need not be whole: an effective sample size.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    /// <returns>Ends in [0, 1].</returns>
    public static Interval Of(double successes, double trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);

        var z = NormalDistribution.TwoSided(Interval.Checked(confidence));
        var p = successes / trials;
        var share = z * z / trials;
        var centre = (p + (share / 2)) / (1 + share);
        var half = z / (1 + share) * Math.Sqrt((p * (1 - p) / trials) + (share / (4 * trials)));

        // It always holds p, which rounding alone could move out.
        return new(Math.Clamp(centre - half, 0, p), Math.Clamp(centre + half, p, 1));
    }
}
