namespace Sommelier.Statistics.OffPolicy;

/// <summary>How much each logged request counts for the policy in question: pi / p.</summary>
/// <param name="Weights">One per request, clipped.</param>
/// <param name="EffectiveSampleSize">(sum w)^2 / sum w^2 (Kish, 1965): how many requests of the policy's own the log is worth.</param>
/// <param name="ClippedShare">The share of requests whose weight was cut: what was cut is bias toward zero.</param>
internal sealed record ImportanceWeights(double[] Weights, double EffectiveSampleSize, double ClippedShare)
{
    /// <param name="choices">At least one.</param>
    /// <param name="maxWeight">
    /// Greater weights are cut to it; null for the root of the number of requests (Ionides, "Truncated importance sampling",
    /// J. Computational and Graphical Statistics 17, 2008), infinity for no cut.
    /// </param>
    public static ImportanceWeights Of(ReadOnlySpan<LoggedChoice> choices, double? maxWeight = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(choices.Length, nameof(choices));
        var most = maxWeight ?? Math.Sqrt(choices.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most, nameof(maxWeight));

        var weights = new double[choices.Length];
        double sum = 0, squares = 0;
        var clipped = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var (propensity, target) = (choices[i].Propensity, choices[i].TargetProbability);
            if (propensity is not (> 0 and <= 1) || target is not (>= 0 and <= 1))
            {
                throw new ArgumentException($"Choice {i} has propensity {propensity} and target probability {target}; the first must lie in (0, 1], the second in [0, 1].", nameof(choices));
            }

            var weight = target / propensity;
            clipped += weight > most ? 1 : 0;
            weights[i] = Math.Min(weight, most);
            sum += weights[i];
            squares += weights[i] * weights[i];
        }

        return new(weights, squares > 0 ? sum * sum / squares : 0, (double)clipped / weights.Length);
    }
}
