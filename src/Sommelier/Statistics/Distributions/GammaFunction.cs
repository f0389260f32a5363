namespace Sommelier.Statistics.Distributions;

/// <summary>Logarithms of the gamma and beta functions and of binomial coefficients.</summary>
/// <remarks>
/// ln Gamma by Lanczos's approximation (SIAM J. Numer. Anal. B 1, 1964; g = 7, n = 9) below ten, by Stirling's series
/// (Abramowitz and Stegun 6.1.40) above.
/// </remarks>
internal static class GammaFunction
{
    private const double HalfLogTwoPi = 0.91893853320467274178;
    private const double LargeFrom = 10;

    private static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>ln Gamma(z), for z above zero or a negative number that is not whole.</summary>
    public static double LogGamma(double z)
    {
        if (z < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * z)) - LogGamma(1 - z);
        }

        if (z >= LargeFrom)
        {
            return ((z - 0.5) * Math.Log(z)) - z + HalfLogTwoPi + Correction(z);
        }

        z--;
        var sum = Lanczos[0];
        for (var i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (z + i);
        }

        var t = z + 7.5;
        return HalfLogTwoPi + ((z + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>ln B(a, b) = ln Gamma(a) + ln Gamma(b) - ln Gamma(a + b), for a and b above zero.</summary>
    /// <remarks>
    /// Written without the difference of large numbers where a parameter is large (Didonato and Morris, ACM TOMS 18, 1992):
    /// tails of a million trials keep their digits.
    /// </remarks>
    public static double LogBeta(double a, double b)
    {
        var (small, large) = a < b ? (a, b) : (b, a);
        if (large < LargeFrom)
        {
            return LogGamma(a) + LogGamma(b) - LogGamma(a + b);
        }

        var sum = small + large;
        if (small < LargeFrom)
        {
            return LogGamma(small) + Correction(large) - Correction(sum) + small - (small * Math.Log(sum)) + ((large - 0.5) * LogOnePlus(-small / sum));
        }

        return HalfLogTwoPi - (0.5 * Math.Log(large)) + Correction(small) + Correction(large) - Correction(sum)
            + ((small - 0.5) * Math.Log(small / sum)) + (large * LogOnePlus(-small / sum));
    }

    /// <summary>ln of the number of ways to choose k of n, for 0 to n.</summary>
    public static double LogChoose(double n, double k) =>
        k <= 0 || k >= n ? 0 : -Math.Log(n + 1) - LogBeta(n - k + 1, k + 1);

    /// <summary>ln(1 + x), to full precision where x is small.</summary>
    public static double LogOnePlus(double x)
    {
        // Kahan's trick: the rounding of 1 + x is the same in both factors.
        var y = 1 + x;
        return y == 1 ? x : Math.Log(y) * x / (y - 1);
    }

    /// <summary>What Stirling's formula leaves out: 1/12z - 1/360z^3 + ..., for z of ten and more.</summary>
    private static double Correction(double z)
    {
        var r = 1 / (z * z);
        var sum = 1.0 / 156;
        foreach (var term in (ReadOnlySpan<double>)[-691.0 / 360360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12])
        {
            sum = (sum * r) + term;
        }

        return sum / z;
    }
}
