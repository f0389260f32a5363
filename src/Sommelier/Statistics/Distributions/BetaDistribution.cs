namespace Sommelier.Statistics.Distributions;

/// <summary>The Beta distribution's cumulative function and its inverse.</summary>
/// <remarks>The incomplete beta function by Lentz's continued fraction (Abramowitz and Stegun 26.5.8).</remarks>
internal static class BetaDistribution
{
    // Terms needed grow with the root of the larger parameter: enough for a hundred million.
    private const int MostTerms = 20_000;

    /// <summary>The x below which a share p of Beta(a, b) lies. A parameter of zero or less is a point mass at its end.</summary>
    public static double Quantile(double p, double a, double b)
    {
        if (a <= 0)
        {
            return 0;
        }

        if (b <= 0)
        {
            return 1;
        }

        // Bisection: 52 halvings reach the last bit, and no start value can lead it astray.
        double low = 0, high = 1;
        for (var i = 0; i < 52; i++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(middle, a, b) < p)
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

    /// <summary>The share of Beta(a, b) that lies below x.</summary>
    public static double Cumulative(double x, double a, double b) => Cumulative(x, 1 - x, a, b);

    /// <summary>As above, with 1 - x beside x, for callers that know it to more digits than a subtraction leaves.</summary>
    public static double Cumulative(double x, double rest, double a, double b)
    {
        if (x <= 0)
        {
            return 0;
        }

        if (rest <= 0)
        {
            return 1;
        }

        var logX = x > 0.5 ? GammaFunction.LogOnePlus(-rest) : Math.Log(x);
        var logRest = rest > 0.5 ? GammaFunction.LogOnePlus(-x) : Math.Log(rest);
        var front = Math.Exp((a * logX) + (b * logRest) - GammaFunction.LogBeta(a, b));

        // The fraction converges fast only on its own side of the mean; the other side is its mirror image.
        return x < (a + 1) / (a + b + 2) ? front * Fraction(x, a, b) / a : 1 - (front * Fraction(rest, b, a) / b);
    }

    private static double Fraction(double x, double a, double b)
    {
        const double Tiny = 1e-300;
        double c = 1;
        var d = 1 / NotZero(1 - ((a + b) * x / (a + 1)));
        var result = d;
        for (var m = 1; m <= MostTerms; m++)
        {
            var even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / NotZero(1 + (even * d));
            c = NotZero(1 + (even / c));
            result *= d * c;
            var odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / NotZero(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            result *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-15)
            {
                break;
            }
        }

        return result;

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }
}
