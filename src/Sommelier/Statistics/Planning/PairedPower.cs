using Sommelier.Statistics.Distributions;

namespace Sommelier.Statistics.Planning;

/// <summary>What a paired comparison of right and wrong answers can find, before money is spent on it.</summary>
/// <remarks>
/// n = (z_(1-alpha/2) + z_power)^2 (p - delta^2) / delta^2, where p is the share of discordant items, of which the variance of a
/// difference follows: Connor, "Sample size for testing differences in proportions for the paired-sample design", Biometrics
/// 43, 1987, in the form of Miller, arXiv 2411.00640, section 5. For scores that are not 0 or 1 give the mean square of the
/// differences as p. Items in clusters count for n / design effect.
/// </remarks>
/// <param name="Discordant">Expected share of items on which the two differ, 0 to 1. About .2 to .4 for models of a kind.</param>
/// <param name="Alpha">Two-sided error rate, 0.05 unless said otherwise.</param>
internal sealed record PairedPower(double Discordant, double Alpha = 0.05)
{
    public const double UsualPower = 0.8;

    /// <summary>Items needed to find a difference with a chance; null where no number will do: no difference can be found, and none is larger than the share of items that differ.</summary>
    /// <param name="difference">In share of items, such as 0.05 for five points; its sign does not matter.</param>
    /// <param name="power">The chance, 0.8 unless said otherwise.</param>
    public int? RequiredItems(double difference, double power = UsualPower)
    {
        var square = difference * difference;
        if (difference == 0 || double.IsNaN(difference) || Math.Abs(difference) > Discordant)
        {
            return null;
        }

        var z = Z(power);
        return (int)Math.Min(int.MaxValue, Math.Max(1, Math.Ceiling(z * z * (Discordant - square) / square)));
    }

    /// <summary>The smallest difference that so many items find with a chance: z sqrt(p / (n + z^2)), the formula above solved for delta.</summary>
    public double DetectableDifference(int items, double power = UsualPower)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(items);
        var z = Z(power);
        return z * Math.Sqrt(Discordant / (items + (z * z)));
    }

    /// <summary>The chance that so many items find a difference, in its own direction.</summary>
    public double Power(int items, double difference)
    {
        var variance = Discordant - (difference * difference);
        var reach = NormalDistribution.TwoSided(1 - Alpha);
        return variance > 0 ? NormalDistribution.Cumulative((Math.Abs(difference) * Math.Sqrt(items / variance)) - reach) : 1;
    }

    private double Z(double power) => NormalDistribution.TwoSided(1 - Alpha) + NormalDistribution.Quantile(power);
}
