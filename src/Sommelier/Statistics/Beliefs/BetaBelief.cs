using System.Runtime.InteropServices;
using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Distributions;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Beliefs;

/// <summary>What is believed of one model at one kind of task: a Beta distribution of its success, grown from scores in [0, 1].</summary>
/// <remarks>
/// Conjugate updating with weights (Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4): starting from mass k around a
/// mean m, alpha = k m + sum w s and beta = k (1 - m) + sum w (1 - s). Immutable: each step gives a new one.
/// </remarks>
/// <param name="Alpha">Successes believed in, above 0.</param>
/// <param name="Beta">Failures believed in, above 0.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BetaBelief(double Alpha, double Beta)
{
    /// <summary>Answers' worth of the model's overall mean in each of its cells, where nothing better is known.</summary>
    public const double UsualMass = 10;

    /// <summary>How many answers the belief is worth.</summary>
    public double Mass => Alpha + Beta;

    public double Mean => Alpha / Mass;

    /// <summary>Before any score of its own: around the model's mean over all tasks.</summary>
    /// <param name="mean">Strictly between 0 and 1.</param>
    /// <param name="mass">Above 0, 10 unless said otherwise; see <see cref="EmpiricalBayes"/>.</param>
    public static BetaBelief Around(double mean, double mass = UsualMass)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mass);
        return mean is > 0 and < 1
            ? new(mass * mean, mass * (1 - mean))
            : throw new ArgumentOutOfRangeException(nameof(mean), mean, "A mean of 0 or 1 leaves nothing to learn; give one between.");
    }

    /// <summary>After one score.</summary>
    /// <param name="score">0 to 1.</param>
    /// <param name="weight">How far its source is trusted, times its age's share (<see cref="AgeShare"/>): 1 for a deterministic grader.</param>
    public BetaBelief With(double score, double weight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weight);
        return score is >= 0 and <= 1
            ? new(Alpha + (weight * score), Beta + (weight * (1 - score)))
            : throw new ArgumentOutOfRangeException(nameof(score), score, "A score that counts as a part of a success lies between 0 and 1.");
    }

    /// <summary>No heavier than a mass, by shrinking both parameters: the mean stays, and new scores still count.</summary>
    public BetaBelief Capped(double mass) => Mass > mass ? new(Alpha * mass / Mass, Beta * mass / Mass) : this;

    /// <summary>The share of a score's weight that is left after some time: 2^(-age / half-life).</summary>
    public static double AgeShare(TimeSpan age, TimeSpan halfLife) => Math.Pow(2, -Math.Max(0, age / halfLife));

    /// <summary>Better than this with a certainty of 1 - p.</summary>
    public double Quantile(double p) => BetaDistribution.Quantile(p, Alpha, Beta);

    /// <summary>The equal-tailed credible interval.</summary>
    public Interval Interval(double confidence = 0.95) => BetaInterval.Of(0, 0, confidence, Alpha, Beta);

    /// <summary>One draw: what Thompson sampling compares (Thompson, Biometrika 25, 1933).</summary>
    public double Draw(SeededRandom random) => random.NextBeta(Alpha, Beta);
}
