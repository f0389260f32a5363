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
        foreach (var part in row.Parts)
        {
            AddPart(part, InverseNorm(part.Buckets), 1, sums);
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

    /// <summary>Adds a text's sums, times its share and <paramref name="scale"/>.</summary>
    public void AddPart(in TextPart part, float inverseNorm, float scale, Span<float> sums)
    {
        AddGrams(part.Buckets, inverseNorm * part.Share * scale, sums);
        foreach (var signal in part.Signals)
        {
            AddScaled(Dense.AsSpan(signal * Stride, Stride), DenseValue * part.Share * scale, sums);
        }
    }

    private void AddGrams(int[] buckets, float factor, Span<float> sums)
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
