using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.OffPolicy;

/// <summary>What a policy that did not serve the requests would have earned, from what another one logged.</summary>
/// <remarks>Below an effective sample size of 30 nothing is told: run a shadow evaluation instead.</remarks>
/// <param name="Ips">Inverse propensity: mean(w r). Without bias if not clipped, but of wide spread.</param>
/// <param name="Snips">Self-normalised: sum(w r) / sum(w). A little bias for much less spread; the usual choice without a model of rewards.</param>
/// <param name="DirectMethod">mean of the predicted values: no spread of weights, all the bias of the model of rewards.</param>
/// <param name="DoublyRobust">mean(predicted value + w (r - predicted reward)): right if either the propensities or the model of rewards are.</param>
/// <param name="EffectiveSampleSize">Requests of its own that the log is worth.</param>
/// <param name="ClippedShare">The share of requests whose weight was cut.</param>
internal sealed record OffPolicyEstimate(
    MeanEstimate? Ips, MeanEstimate? Snips, MeanEstimate? DirectMethod, MeanEstimate? DoublyRobust, double EffectiveSampleSize, double ClippedShare)
{
    public const double LeastEffectiveSampleSize = 30;

    /// <summary>Whether the log says too little of the policy; the estimates are null then.</summary>
    public bool Refused => EffectiveSampleSize < LeastEffectiveSampleSize;

    /// <summary>All four.</summary>
    /// <remarks>
    /// IPS: Horvitz and Thompson, JASA 47, 1952. SNIPS: Swaminathan and Joachims, NeurIPS 2015, with the delta method's error
    /// sqrt(sum w^2 (r - snips)^2) / sum w. DR: Dudik, Langford and Li, ICML 2011 (arXiv 1103.4601).
    /// </remarks>
    /// <param name="choices">Independent requests.</param>
    /// <param name="maxWeight">See <see cref="ImportanceWeights.Of"/>.</param>
    public static OffPolicyEstimate Of(ReadOnlySpan<LoggedChoice> choices, double? maxWeight = null)
    {
        var weighted = ImportanceWeights.Of(choices, maxWeight);
        if (weighted.EffectiveSampleSize < LeastEffectiveSampleSize)
        {
            return new(null, null, null, null, weighted.EffectiveSampleSize, weighted.ClippedShare);
        }

        var n = choices.Length;
        var (ips, direct, robust) = (new double[n], new double[n], new double[n]);
        double sum = 0, earned = 0;
        for (var i = 0; i < n; i++)
        {
            var (weight, choice) = (weighted.Weights[i], choices[i]);
            ips[i] = weight * choice.Reward;
            direct[i] = choice.PredictedValue;
            robust[i] = choice.PredictedValue + (weight * (choice.Reward - choice.PredictedReward));
            sum += weight;
            earned += ips[i];
        }

        var snips = earned / sum;
        double squares = 0;
        for (var i = 0; i < n; i++)
        {
            squares += Math.Pow(weighted.Weights[i] * (choices[i].Reward - snips), 2);
        }

        return new(
            MeanEstimate.Of(ips), new(snips, Math.Sqrt(squares) / sum, weighted.EffectiveSampleSize - 1), MeanEstimate.Of(direct), MeanEstimate.Of(robust),
            weighted.EffectiveSampleSize, weighted.ClippedShare);
    }
}
