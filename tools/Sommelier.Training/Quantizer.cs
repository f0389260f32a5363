using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>Turns the float model into the bytes that ship.</summary>
internal static class Quantizer
{
    /// <summary>The few largest weights are clipped, so that the rest keeps its steps.</summary>
    private const double ClipShare = 0.9998;

    public static ClassifierWeights Quantize(LinearModel model, Temperatures temperatures, float abstainBelow)
    {
        var weights = new ClassifierWeights { Temperatures = temperatures, AbstainBelow = abstainBelow };
        for (var lane = 0; lane < Intents.Count; lane++)
        {
            weights.Bias[lane] = model.Bias[lane];
            QuantizeLane(model, weights, lane);
        }

        var largest = model.Idf.Max(idf => idf * idf);
        weights.Scales[ClassifierWeights.NormLane] = largest / sbyte.MaxValue;
        for (var i = 0; i < model.BucketCount; i++)
        {
            weights.Table[(i * ClassifierWeights.Stride) + ClassifierWeights.NormLane] =
                (sbyte)MathF.Round(model.Idf[i] * model.Idf[i] / largest * sbyte.MaxValue);
        }

        for (var i = 0; i < model.Dense.Length; i++)
        {
            weights.Dense[i] = model.Dense[i] * model.DenseValue;
        }

        return weights;
    }

    /// <summary>How often the shipped classifier and the floats agree on the intent of a request.</summary>
    public static double Agreement(ClassifierWeights weights, LinearModel model, IReadOnlyList<Row> rows)
    {
        var classifier = new IntentClassifier(weights);
        var probabilities = new float[Intents.Count];
        var same = Scored.All(model, rows)
            .Count(item => classifier.Classify(item.Row.Input(), probabilities).Top == item.AsServed(weights.Temperatures).Top);
        return same / (double)rows.Count;
    }

    private static void QuantizeLane(LinearModel model, ClassifierWeights weights, int lane)
    {
        var values = new float[model.BucketCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = model.Idf[i] * model.Grams[(i * LinearModel.Stride) + lane];
        }

        var sizes = values.Select(MathF.Abs).Where(size => size > 0).Order().ToArray();
        var clip = sizes.Length == 0 ? 1 : sizes[(int)(ClipShare * (sizes.Length - 1))];
        weights.Scales[lane] = clip / sbyte.MaxValue;
        for (var i = 0; i < values.Length; i++)
        {
            var step = MathF.Round(values[i] / clip * sbyte.MaxValue);
            weights.Table[(i * ClassifierWeights.Stride) + lane] = (sbyte)Math.Clamp(step, -sbyte.MaxValue, sbyte.MaxValue);
        }
    }
}
