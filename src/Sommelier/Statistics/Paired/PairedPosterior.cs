using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Distributions;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Statistics.Paired;

/// <summary>
/// What to believe of two models after few items, right or wrong: a Dirichlet distribution over the four cells. Says "A is
/// better with 93 %" where a test can only say "not significant".
/// </summary>
/// <remarks>
/// Bowyer, Aitchison and Ivanova, "Don't use the CLT in LLM evals with fewer than a few hundred datapoints", arXiv 2503.01747,
/// section 4. The share of A among discordant items is Beta(prior + b, prior + c) and independent of how many are discordant
/// (Ferguson, Annals of Statistics 1, 1973), so P(A better) is one incomplete beta function, without simulation.
/// </remarks>
/// <param name="cells">Counts of independent items.</param>
/// <param name="prior">Items' worth of belief in each cell before the first one: 1 is even over all four.</param>
internal sealed class PairedPosterior(PairedCells cells, double prior = 1)
{
    private readonly double onlyA = prior + cells.OnlyA;
    private readonly double onlyB = prior + cells.OnlyB;
    private readonly double same = (2 * prior) + cells.Both + cells.Neither;

    /// <summary>P(A is right more often than B).</summary>
    public double ABetter => BetaDistribution.Cumulative(0.5, onlyB, onlyA);

    /// <summary>The expected difference, A less B; pulled to zero by the prior.</summary>
    public double Mean => (onlyA - onlyB) / (onlyA + onlyB + same);

    /// <summary>The equal-tailed credible interval of the difference, by seeded draws.</summary>
    /// <param name="seed">Of the draws.</param>
    /// <param name="draws">10,000 unless said otherwise: ends to about a hundredth of the width.</param>
    /// <param name="confidence">A share, 0.95 unless said otherwise.</param>
    public Interval Interval(ulong seed, int draws = 10_000, double confidence = 0.95)
    {
        var random = new SeededRandom(seed);
        var differences = new double[draws];
        foreach (ref var difference in differences.AsSpan())
        {
            var discordant = random.NextBeta(onlyA + onlyB, same);
            difference = discordant * ((2 * random.NextBeta(onlyA, onlyB)) - 1);
        }

        return Bootstrap.Percentile(differences, confidence);
    }
}
