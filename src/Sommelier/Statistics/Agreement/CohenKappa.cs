using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Agreement;

/// <summary>How far two raters agree beyond chance: a judge and people, or a judge and itself.</summary>
/// <remarks>
/// J. Cohen, Educational and Psychological Measurement 20, 1960: (p_o - p_e) / (1 - p_e); standard error for an interval:
/// Fleiss, Cohen and Everitt, Psychological Bulletin 72, 1969, equation 13.
/// </remarks>
/// <param name="Agreement">The share of items on which both say the same.</param>
/// <param name="ByChance">The share expected of raters with these habits who do not look.</param>
/// <param name="Kappa">1 at full agreement, 0 at chance; NaN where both gave one and the same label throughout.</param>
/// <param name="StandardError">Of kappa, for large samples.</param>
/// <param name="Count">Items.</param>
internal sealed record CohenKappa(double Agreement, double ByChance, double Kappa, double StandardError, int Count)
{
    /// <param name="first">The first rater's label of each item, from 0 to below the number of labels.</param>
    /// <param name="second">The second rater's, of the same items.</param>
    /// <param name="labels">How many labels there are.</param>
    public static CohenKappa Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second, int labels)
    {
        Moments.ThrowIfUneven(first.Length, second.Length);
        ArgumentOutOfRangeException.ThrowIfZero(first.Length, nameof(first));
        var shares = new double[labels, labels];
        var rows = new double[labels];
        var columns = new double[labels];
        var one = 1.0 / first.Length;
        for (var i = 0; i < first.Length; i++)
        {
            shares[first[i], second[i]] += one;
            rows[first[i]] += one;
            columns[second[i]] += one;
        }

        double agreed = 0, chance = 0;
        for (var i = 0; i < labels; i++)
        {
            agreed += shares[i, i];
            chance += rows[i] * columns[i];
        }

        var doubt = 1 - chance;
        if (doubt < 1e-12)
        {
            return new(agreed, chance, double.NaN, double.NaN, first.Length);
        }

        var kappa = (agreed - chance) / doubt;
        double variance = 0;
        for (var i = 0; i < labels; i++)
        {
            for (var j = 0; j < labels; j++)
            {
                variance += shares[i, j] * (i == j
                    ? Math.Pow(1 - ((rows[i] + columns[i]) * (1 - kappa)), 2)
                    : Math.Pow((1 - kappa) * (columns[i] + rows[j]), 2));
            }
        }

        variance -= Math.Pow(kappa - (chance * (1 - kappa)), 2);
        return new(agreed, chance, kappa, Math.Sqrt(Math.Max(0, variance) / first.Length) / doubt, first.Length);
    }
}
