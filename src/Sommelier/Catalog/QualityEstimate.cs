using Sommelier.Statistics.Distributions;

namespace Sommelier.Catalog;

/// <summary>What is believed about a model's success at one intent: a Beta distribution and where it comes from.</summary>
/// <param name="Mean">Expected share of requests answered well, 0 to 1.</param>
/// <param name="Low">The 10 % quantile of the distribution: with 90 % certainty it is better than this.</param>
/// <param name="Mass">How many answers the belief is worth: prior mass plus evidence.</param>
/// <param name="Evidence">In short where it comes from, e.g. <c>livebench 2026-01-08 n=3 tasks</c>, <c>family claude-opus</c>.</param>
/// <param name="Inherited">True when the model itself was never measured on this intent's tasks.</param>
public readonly record struct QualityEstimate(double Mean, double Low, double Mass, string Evidence, bool Inherited)
{
    /// <summary>An estimate with its lower bound computed.</summary>
    public static QualityEstimate FromBeta(double mean, double mass, string evidence, bool inherited) =>
        new(mean, BetaDistribution.Quantile(0.1, mean * mass, (1 - mean) * mass), mass, evidence, inherited);
}
