using Sommelier.Statistics.Distributions;

namespace Sommelier.Statistics.Paired;

/// <summary>Whether two models are right equally often, from the items on which they differ: under the null each is a fair coin.</summary>
/// <remarks>Q. McNemar, Psychometrika 12, 1947. Items are independent; where they come in clusters use the clustered difference.</remarks>
internal static class McNemar
{
    /// <summary>Discordant items from which on the exact test is no longer needlessly cautious.</summary>
    public const int MidPBelow = 25;

    /// <summary>The exact two-sided p value, 2 P(Bin(b + c, 1/2) at most min(b, c)), not above 1.</summary>
    public static double Exact(PairedCells cells) =>
        Math.Min(1, 2 * Binomial.AtMost(Math.Min(cells.OnlyA, cells.OnlyB), cells.Discordant, 0.5));

    /// <summary>The mid-p value, which counts half of the chance of what was seen: closer to the stated error rate with few discordant items.</summary>
    /// <remarks>Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13:91, 2013.</remarks>
    public static double MidP(PairedCells cells)
    {
        var least = Math.Min(cells.OnlyA, cells.OnlyB);
        return Math.Min(1, (2 * Binomial.AtMost(least, cells.Discordant, 0.5)) - Binomial.Probability(least, cells.Discordant, 0.5));
    }

    /// <summary>The mid-p value with fewer than 25 discordant items, the exact one from there on.</summary>
    public static double PValue(PairedCells cells) => cells.Discordant < MidPBelow ? MidP(cells) : Exact(cells);
}
