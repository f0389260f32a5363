using CsCheck;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Prediction;

namespace Sommelier.Tests.Statistics;

public sealed class PredictionTests
{
    [Fact]
    public void A_perfect_prediction_counts_every_item()
    {
        // y = f: lambda = N / (N + n), so that the estimate is the mean of all items.
        double[] y = [0.1, 0.4, 0.7, 0.9, 0.2, 0.6];
        double[] elsewhere = [0.3, 0.3, 0.5, 0.8, 0.95, 0.05, 0.1, 0.65, 0.7, 0.4];
        var result = PredictionPoweredMean.Of(y, y, elsewhere);
        Assert.Equal(Moments.Variance(y) / (Moments.Variance([.. y, .. elsewhere]) * 1.6), result.Lambda, 12);
        Assert.True(result.Gain > 1.5);

        // The general formula, written out for this lambda.
        var expected = (result.Lambda * elsewhere.Average()) + ((1 - result.Lambda) * y.Average());
        Assert.Equal(expected, result.Estimate.Mean, 12);
    }

    [Fact]
    public void A_prediction_that_says_nothing_is_not_trusted()
    {
        double[] y = [0, 1, 0, 1], f = [0.3, 0.3, 0.6, 0.6];
        var result = PredictionPoweredMean.Of(y, f, [0.1, 0.9]);
        Assert.Equal((0.0, 0.5), (result.Lambda, result.Estimate.Mean));
        Assert.Equal(MeanEstimate.Of(y).StandardError, result.Estimate.StandardError, 12);
        Assert.Equal(0, PredictionPoweredMean.Of(y, [0.9, 0.1, 0.9, 0.1], [0.1, 0.9]).Lambda);
        Assert.Equal(new(MeanEstimate.Of(y), 0, 1), PredictionPoweredMean.Of(y, f, []));
    }

    [Fact]
    public void Shifting_the_prediction_shifts_nothing() => Gen.Select(Gen.Double[0, 1].Array[5], Gen.Double[0, 1].Array[5], Gen.Double[0, 1].Array[3, 20], Gen.Double[-5, 5]).Sample((y, f, elsewhere, shift) =>
    {
        var plain = PredictionPoweredMean.Of(y, f, elsewhere);
        var shifted = PredictionPoweredMean.Of(y, [.. f.Select(x => x + shift)], [.. elsewhere.Select(x => x + shift)]);
        Assert.Equal(plain.Estimate.Mean, shifted.Estimate.Mean, 1e-9);
        Assert.Equal(plain.Estimate.StandardError, shifted.Estimate.StandardError, 1e-7);
        Assert.InRange(plain.Lambda, 0, 1);
    }, iter: 300);

    [Fact]
    public void A_new_models_few_items_are_split_from_the_rest()
    {
        double[] scores = [1, double.NaN, 0, double.NaN, 1, 1];
        var known = PredictionPoweredMean.KnownMeans([[1, 0, 0, 1, double.NaN, double.NaN], [1, 1, 0, double.NaN, 1, double.NaN]]);
        Assert.Equal([1, 0.5, 0, 1, 1, double.NaN], known);
        Assert.Equal(PredictionPoweredMean.Of([1, 0, 1], [1, 0, 1], [0.5, 1]), PredictionPoweredMean.OfNewModel(scores, known));
        Assert.Throws<ArgumentException>(() => PredictionPoweredMean.KnownMeans([[1, 0], [1]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => PredictionPoweredMean.Of([1], [1], [1]));
    }
}
