using Sommelier.Statistics.Distributions;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Paired;

/// <summary>
/// The interval of a difference between two models' shares right on the same items: what Wilson's is for one share. Good from
/// few items on and with few discordant ones, where difference plus and minus two standard errors is not.
/// </summary>
/// <remarks>
/// T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample design",
/// Statistics in Medicine 17, 1998: all differences D with |b - c - nD| / sqrt(n (2q + D(1 - D))) at most z, where q is the
/// likeliest share of "only B" given D. Recommended by Fagerland, Lydersen and Laake, Statistics in Medicine 33, 2014.
/// </remarks>
internal static class TangoInterval
{
    /// <param name="cells">Counts of independent items, at least one.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    /// <returns>Ends in [-1, 1], on either side of the difference.</returns>
    public static Interval Of(PairedCells cells, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfZero(cells.Count, nameof(cells));
        var z = NormalDistribution.TwoSided(Interval.Checked(confidence));
        return new(End(cells, -1, z), End(cells, 1, z));
    }

    /// <summary>The difference at which the score statistic reaches z, between the estimate and one end of the range.</summary>
    private static double End(PairedCells cells, double outer, double z)
    {
        var inner = cells.Difference;
        for (var i = 0; i < 60; i++)
        {
            var middle = (inner + outer) / 2;
            if (Math.Abs(Score(cells, middle)) < z)
            {
                inner = middle;
            }
            else
            {
                outer = middle;
            }
        }

        return (inner + outer) / 2;
    }

    private static double Score(PairedCells cells, double difference)
    {
        double n = cells.Count, b = cells.OnlyA, c = cells.OnlyB;
        var linear = ((2 * n) - b + c) * difference - b - c;
        var constant = -c * difference * (1 - difference);
        var onlyB = (Math.Sqrt(Math.Max(0, (linear * linear) - (8 * n * constant))) - linear) / (4 * n);
        var variance = n * ((2 * onlyB) + (difference * (1 - difference)));
        var away = b - c - (n * difference);
        return away == 0 ? 0 : variance > 0 ? away / Math.Sqrt(variance) : double.PositiveInfinity;
    }
}
