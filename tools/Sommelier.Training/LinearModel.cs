using System.Numerics;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Training;

/// <summary>The softmax regression in floats: n-grams weighted by inverse document frequency to a norm of one, plus dense signals.</summary>
internal sealed class LinearModel(int bucketCount, int signalCount)
{
    public const int Stride = ClassifierWeights.DenseStride;

    public float[] Grams { get; } = new float[bucketCount * Stride];

    public float[] Dense { get; } = new float[signalCount * Stride];

    public float[] Bias { get; } = new float[Stride];

    /// <summary>Inverse document frequency per bucket; zero for buckets that are left out.</summary>
    public float[] Idf { get; } = new float[bucketCount];

    public float DenseValue { get; init; }

    public int BucketCount => bucketCount;

    public void Score(Row row, Span<float> scores)
    {
        Span<float> sums = stackalloc float[Stride];
        AddGrams(row.Buckets, InverseNorm(row.Buckets), sums);
        foreach (var signal in row.Signals)
        {
            AddScaled(Dense.AsSpan(signal * Stride, Stride), DenseValue, sums);
        }

        for (var i = 0; i < Intents.Count; i++)
        {
            scores[i] = sums[i] + Bias[i];
        }
    }

    public float InverseNorm(int[] buckets)
    {
        var total = 0f;
        foreach (var bucket in buckets)
        {
            total += Idf[bucket] * Idf[bucket];
        }

        return total > 0 ? 1 / MathF.Sqrt(total) : 0;
    }

    public void AddGrams(int[] buckets, float factor, Span<float> sums)
    {
        foreach (var bucket in buckets)
        {
            if (Idf[bucket] != 0)
            {
                AddScaled(Grams.AsSpan(bucket * Stride, Stride), factor * Idf[bucket], sums);
            }
        }
    }

    public static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        var scale = new Vector<float>(factor);
        for (var i = 0; i < Stride; i += Vector<float>.Count)
        {
            (new Vector<float>(target[i..]) + (new Vector<float>(source[i..]) * scale)).CopyTo(target[i..]);
        }
    }
}
