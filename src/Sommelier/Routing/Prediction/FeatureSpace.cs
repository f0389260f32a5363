using Sommelier.Routing.Classification;

namespace Sommelier.Routing.Prediction;

/// <summary>Which n-grams a predictor knows and what each is worth, learnt from the prompts it was trained on.</summary>
/// <remarks>
/// A row is the text's known n-grams by inverse document frequency, of length one together, and beside them the dense
/// values, less their mean. An n-gram of a single prompt says nothing of others and is left out.
/// </remarks>
internal sealed class FeatureSpace
{
    // What the dense values weigh beside the n-grams, whose squares sum to one. A dozen signals are set in a usual text, so each
    // weighs little; sizes are few and tell the most, so the penalty shall hardly hold them.
    private const float SignalWeight = 0.1f;
    private const float SizeWeight = 2;

    private const int LeastPrompts = 2;

    private readonly int[] columnOf = new int[FeatureHash.BucketCount];

    /// <param name="buckets">The known buckets, rising.</param>
    /// <param name="idf">The inverse document frequency of each.</param>
    /// <param name="denseMean">The dense values' means, which are taken off.</param>
    public FeatureSpace(int[] buckets, float[] idf, float[] denseMean)
    {
        (Buckets, Idf, DenseMean) = (buckets, idf, denseMean);
        Array.Fill(columnOf, -1);
        for (var column = 0; column < buckets.Length; column++)
        {
            columnOf[buckets[column]] = column;
        }
    }

    public int[] Buckets { get; }

    public float[] Idf { get; }

    public float[] DenseMean { get; }

    /// <summary>How many columns a row has.</summary>
    public int Width => Buckets.Length + PromptFeatures.DenseCount;

    /// <summary>The space of some prompts.</summary>
    public static FeatureSpace Of(IReadOnlyList<LabelledPrompt> prompts)
    {
        var frequency = new int[FeatureHash.BucketCount];
        var mean = new float[PromptFeatures.DenseCount];
        var texts = 0;
        foreach (var prompt in prompts)
        {
            foreach (var bucket in prompt.Features.Buckets)
            {
                frequency[bucket]++;
            }

            texts += HasText(prompt.Features) ? 1 : 0;
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += prompt.Features.Dense[i];
            }
        }

        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] /= Math.Max(1, texts);
        }

        // What every prompt has tells none from another.
        var known = Enumerable.Range(0, frequency.Length).Where(b => frequency[b] >= LeastPrompts && frequency[b] < texts).ToArray();
        return new(known, Array.ConvertAll(known, b => 1 + MathF.Log((1f + texts) / (1f + frequency[b]))), mean);
    }

    /// <summary>The rows of prompts in this space.</summary>
    public SparseRows Rows(IReadOnlyList<LabelledPrompt> prompts)
    {
        List<int> columns = [];
        List<float> values = [];
        var starts = new int[prompts.Count + 1];
        for (var i = 0; i < prompts.Count; i++)
        {
            Write(prompts[i].Features, columns, values);
            starts[i + 1] = columns.Count;
        }

        return new(starts, [.. columns], [.. values], Width);
    }

    /// <summary>Appends a prompt's row; nothing when it has no text.</summary>
    public void Write(PromptFeatures features, List<int> columns, List<float> values)
    {
        if (!HasText(features))
        {
            return;
        }

        var start = values.Count;
        var squares = 0f;
        foreach (var bucket in features.Buckets)
        {
            if (columnOf[bucket] is >= 0 and var column)
            {
                columns.Add(column);
                values.Add(Idf[column]);
                squares += Idf[column] * Idf[column];
            }
        }

        for (var i = start; i < values.Count; i++)
        {
            values[i] /= MathF.Sqrt(squares);
        }

        for (var i = 0; i < features.Dense.Length; i++)
        {
            if (features.Dense[i] - DenseMean[i] is not 0 and var value)
            {
                columns.Add(Buckets.Length + i);
                values.Add((i < PromptFeatures.SizesAt ? SignalWeight : SizeWeight) * value);
            }
        }
    }

    private static bool HasText(PromptFeatures features) => features.Buckets.Length > 0;
}
