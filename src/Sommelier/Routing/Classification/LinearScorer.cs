using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sommelier.Canonical;

namespace Sommelier.Routing.Classification;

/// <summary>Scores one text's features: integer sums over the buckets' rows, scaled once at the end.</summary>
internal static class LinearScorer
{
    /// <summary>127 x 256 just fits 16 bits; then the sums move to 32.</summary>
    private const int RowsPerFlush = 256;

    /// <summary>Writes one score per intent, bias included.</summary>
    [SkipLocalsInit]
    public static void Score(ClassifierWeights weights, in FeatureSet features, Span<float> scores)
    {
        Span<int> sums = stackalloc int[ClassifierWeights.Stride];
        Sum(weights.Table, features.Buckets, sums);
        var norm = sums[ClassifierWeights.NormLane] * weights.Scales[ClassifierWeights.NormLane];
        var inverse = norm > 0 ? 1 / MathF.Sqrt(norm) : 0;

        Span<float> dense = stackalloc float[ClassifierWeights.DenseStride];
        SumDense(weights.Dense, features.Dense, dense);
        for (var i = 0; i < Intents.Count; i++)
        {
            scores[i] = weights.Bias[i] + (sums[i] * weights.Scales[i] * inverse) + dense[i];
        }
    }

    private static void Sum(sbyte[] table, ReadOnlySpan<int> buckets, Span<int> sums)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(table);
        Vector256<int> a = default, b = default, c = default;
        for (var from = 0; from < buckets.Length; from += RowsPerFlush)
        {
            var low = Vector256<short>.Zero;
            var high = Vector256<short>.Zero;
            foreach (var bucket in buckets.Slice(from, Math.Min(RowsPerFlush, buckets.Length - from)))
            {
                var row = Vector256.LoadUnsafe(ref start, (nuint)(bucket * ClassifierWeights.Stride));
                var (first, second) = Vector256.Widen(row);
                low += first;
                high += second;
            }

            var (lowA, lowB) = Vector256.Widen(low);
            var (highA, _) = Vector256.Widen(high);
            a += lowA;
            b += lowB;
            c += highA;
        }

        a.CopyTo(sums);
        b.CopyTo(sums[8..]);
        c.CopyTo(sums[16..]);
    }

    private static void SumDense(float[] rows, ReadOnlySpan<float> signals, Span<float> sums)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(rows);
        Vector256<float> a = default, b = default, c = default;
        for (var i = 0; i < signals.Length; i++)
        {
            if (signals[i] != 0)
            {
                var value = Vector256.Create(signals[i]);
                var at = (nuint)(i * ClassifierWeights.DenseStride);
                a += value * Vector256.LoadUnsafe(ref start, at);
                b += value * Vector256.LoadUnsafe(ref start, at + 8);
                c += value * Vector256.LoadUnsafe(ref start, at + 16);
            }
        }

        a.CopyTo(sums);
        b.CopyTo(sums[8..]);
        c.CopyTo(sums[16..]);
    }
}
