namespace Sommelier.Statistics.Distributions;

/// <summary>Student's t distribution, by the incomplete beta function (Abramowitz and Stegun 26.7.1).</summary>
internal static class StudentT
{
    /// <summary>The share below t, with degrees of freedom above zero (they need not be whole).</summary>
    public static double Cumulative(double t, double degrees)
    {
        var upper = UpperTail(Math.Abs(t), degrees);
        return t > 0 ? 1 - upper : upper;
    }

    /// <summary>The chance of a value at least as far from zero on either side: a two-sided p value.</summary>
    public static double TwoSidedP(double t, double degrees) => double.IsNaN(t) ? double.NaN : Math.Min(1, 2 * UpperTail(Math.Abs(t), degrees));

    /// <summary>How many standard errors a two-sided interval reaches to either side: 2.262 for 0.95 and 9 degrees of freedom.</summary>
    public static double TwoSided(double confidence, double degrees)
    {
        var tail = (1 - confidence) / 2;
        if (tail is <= 0 or >= 0.5)
        {
            return tail <= 0 ? double.PositiveInfinity : 0;
        }

        double low = 0, high = 1;
        while (UpperTail(high, degrees) > tail)
        {
            low = high;
            high *= 2;
        }

        while (high - low > 1e-15 * high)
        {
            var middle = (low + high) / 2;
            if (middle <= low || middle >= high)
            {
                break;
            }

            if (UpperTail(middle, degrees) > tail)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;
    }

    /// <summary>The t below which a share p lies; infinite at 0 and 1.</summary>
    public static double Quantile(double p, double degrees) =>
        p < 0.5 ? -TwoSided(1 - (2 * p), degrees) : TwoSided((2 * p) - 1, degrees);

    private static double UpperTail(double t, double degrees)
    {
        if (double.IsInfinity(t))
        {
            return 0;
        }

        var square = t * t;
        return 0.5 * BetaDistribution.Cumulative(degrees / (degrees + square), square / (degrees + square), degrees / 2, 0.5);
    }
}
