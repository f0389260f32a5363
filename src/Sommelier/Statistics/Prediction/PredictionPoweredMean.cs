using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Prediction;

/// <summary>
/// A mean from a few items with the true score and many with a prediction of it only: human labels and a judge, or a new model's
/// first items and what known models scored on all of them. True to the few, steadied by the many, whatever the prediction is worth.
/// </summary>
/// <remarks>
/// PPI++: Angelopoulos, Duchi and Zrnic, arXiv 2311.01453, after Angelopoulos et al., Science 382, 2023 (arXiv 2301.09633).
/// mean = l mean_N(f) + mean_n(y - l f), variance = l^2 Var(f)/N + Var(y - l f)/n, l = Cov(y, f) / (Var(f) (1 + n/N)) within
/// [0, 1]. The items with a label are a random part of all. Normal approximation: not below about thirty of them.
/// </remarks>
/// <param name="Estimate">The mean; its degrees of freedom are n - 1.</param>
/// <param name="Lambda">How far the prediction was trusted: 0 not at all, then it is the mean of the labels.</param>
/// <param name="Gain">How many times more labels would have been needed without the prediction.</param>
internal sealed record PredictionPoweredMean(MeanEstimate Estimate, double Lambda, double Gain)
{
    /// <param name="labels">y of the labelled items, at least two.</param>
    /// <param name="predicted">f of the same items.</param>
    /// <param name="predictedElsewhere">f of the N other items, those without a label.</param>
    public static PredictionPoweredMean Of(ReadOnlySpan<double> labels, ReadOnlySpan<double> predicted, ReadOnlySpan<double> predictedElsewhere)
    {
        Moments.ThrowIfUneven(labels.Length, predicted.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(labels.Length, 2, nameof(labels));

        var plain = MeanEstimate.Of(labels);
        if (predictedElsewhere.IsEmpty)
        {
            return new(plain, 0, 1);
        }

        double n = labels.Length, others = predictedElsewhere.Length;
        var variance = VarianceOfAll(predicted, predictedElsewhere);
        var lambda = variance > 0 ? Math.Clamp(Moments.Covariance(labels, predicted) / (variance * (1 + (n / others))), 0, 1) : 0;
        var rest = new double[labels.Length];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = labels[i] - (lambda * predicted[i]);
        }

        var mean = (lambda * Moments.Mean(predictedElsewhere)) + Moments.Mean(rest);
        var error = Math.Sqrt((lambda * lambda * variance / others) + (Moments.Variance(rest) / n));
        return new(new(mean, error, n - 1), lambda, error > 0 ? Math.Pow(plain.StandardError / error, 2) : 1);
    }

    /// <summary>A new model's mean over a whole suite from those of its items that it was run on.</summary>
    /// <param name="scores">The new model's, in the order of the items; NaN where it was not run. Which ones it was run on must be chance.</param>
    /// <param name="knownMeans">What known models scored on each item on average (<see cref="KnownMeans"/>); NaN where unknown, and the item is left out.</param>
    public static PredictionPoweredMean OfNewModel(ReadOnlySpan<double> scores, ReadOnlySpan<double> knownMeans)
    {
        Moments.ThrowIfUneven(scores.Length, knownMeans.Length);
        var labels = new List<double>();
        var predicted = new List<double>();
        var elsewhere = new List<double>();
        for (var i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(knownMeans[i]))
            {
                continue;
            }

            if (double.IsNaN(scores[i]))
            {
                elsewhere.Add(knownMeans[i]);
            }
            else
            {
                labels.Add(scores[i]);
                predicted.Add(knownMeans[i]);
            }
        }

        return Of(labels.ToArray(), predicted.ToArray(), elsewhere.ToArray());
    }

    /// <summary>The mean score of known models on each item, over those that have one; NaN where none has.</summary>
    public static double[] KnownMeans(IReadOnlyList<double[]> scoresPerModel)
    {
        var means = new double[scoresPerModel.Count > 0 ? scoresPerModel[0].Length : 0];
        for (var item = 0; item < means.Length; item++)
        {
            double sum = 0;
            var known = 0;
            for (var model = 0; model < scoresPerModel.Count; model++)
            {
                Moments.ThrowIfUneven(means.Length, scoresPerModel[model].Length, nameof(scoresPerModel));
                if (scoresPerModel[model][item] is var score && !double.IsNaN(score))
                {
                    sum += score;
                    known++;
                }
            }

            means[item] = known > 0 ? sum / known : double.NaN;
        }

        return means;
    }

    private static double VarianceOfAll(ReadOnlySpan<double> some, ReadOnlySpan<double> others)
    {
        var all = new double[some.Length + others.Length];
        some.CopyTo(all);
        others.CopyTo(all.AsSpan(some.Length));
        return Moments.Variance(all);
    }
}
