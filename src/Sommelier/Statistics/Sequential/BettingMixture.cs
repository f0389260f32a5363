namespace Sommelier.Statistics.Sequential;

/// <summary>
/// A bet against "the mean is this": the capital of a gambler who could only get rich if it is not. Holds for every sample size,
/// not only for large ones, for values with known bounds.
/// </summary>
/// <remarks>
/// Capital after n values: the mean over stakes l of prod(1 + l (x_i - null)), a martingale of mean 1 under the null, so it
/// reaches 2/alpha with a chance of at most alpha/2 ever (Ville's inequality): Waudby-Smith and Ramdas, "Estimating means of
/// bounded random variables by betting", J. Royal Statistical Society B 86, 2024. One gambler bets on more, one on less.
/// </remarks>
internal sealed class BettingMixture
{
    // From bets for differences of a point to bets for tens of points.
    private static readonly double[] Stakes = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.75];

    private readonly double nullMean;
    private readonly double unitMore;
    private readonly double unitLess;
    private readonly double low;
    private readonly double high;
    private readonly double[] more = new double[Stakes.Length];
    private readonly double[] less = new double[Stakes.Length];

    /// <param name="nullMean">The mean that is bet against, inside the bounds.</param>
    /// <param name="low">The least value there can be.</param>
    /// <param name="high">The greatest value there can be.</param>
    public BettingMixture(double nullMean = 0, double low = -1, double high = 1)
    {
        if (!(low < nullMean && nullMean < high))
        {
            throw new ArgumentOutOfRangeException(nameof(nullMean), nullMean, $"The mean that is bet against must lie between the bounds {low} and {high}.");
        }

        (this.nullMean, this.low, this.high) = (nullMean, low, high);

        // A whole stake loses everything at the worst value.
        unitMore = 1 / (nullMean - low);
        unitLess = 1 / (high - nullMean);
    }

    /// <summary>The capital of the bet that the mean is above the null.</summary>
    public double CapitalAbove => MeanOfExponentials(more);

    /// <summary>The capital of the bet that the mean is below the null.</summary>
    public double CapitalBelow => MeanOfExponentials(less);

    public void Add(double value)
    {
        if (!(value >= low && value <= high))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"The bet was made for values between {low} and {high}.");
        }

        var away = value - nullMean;
        for (var i = 0; i < Stakes.Length; i++)
        {
            more[i] += Math.Log(1 + (Stakes[i] * unitMore * away));
            less[i] += Math.Log(1 - (Stakes[i] * unitLess * away));
        }
    }

    private static double MeanOfExponentials(double[] logs)
    {
        double sum = 0;
        foreach (var log in logs)
        {
            sum += Math.Exp(log);
        }

        return sum / logs.Length;
    }
}
