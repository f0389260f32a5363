using System.Runtime.InteropServices;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Statistics.Resampling;

/// <summary>
/// Which items belong together and so are not independent: questions on one document, cases of one template, and always the
/// repeats of one item.
/// </summary>
internal sealed class Clusters
{
    private readonly int[] codes;
    private readonly int[] sizes;

    private Clusters(int[] codes, int count)
    {
        this.codes = codes;
        sizes = new int[count];
        foreach (var code in codes)
        {
            sizes[code]++;
        }
    }

    /// <summary>The cluster of each item, from 0 to below <see cref="Count"/>, numbered as they first appear.</summary>
    public ReadOnlySpan<int> Codes => codes;

    /// <summary>Items per cluster.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>How many clusters there are: the number of independent units.</summary>
    public int Count => sizes.Length;

    /// <summary>One label per item; equal labels are one cluster.</summary>
    public static Clusters Of<T>(ReadOnlySpan<T> labels)
        where T : IEquatable<T>
    {
        var known = new Dictionary<T, int>();
        var codes = new int[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(known, labels[i], out var exists);
            codes[i] = exists ? code : code = known.Count - 1;
        }

        return new(codes, known.Count);
    }

    /// <summary>The clusters of the items that are kept, for scores with some missing.</summary>
    public Clusters Where(ReadOnlySpan<bool> keep)
    {
        Moments.ThrowIfUneven(keep.Length, codes.Length);
        var kept = new List<int>(codes.Length);
        for (var i = 0; i < codes.Length; i++)
        {
            if (keep[i])
            {
                kept.Add(codes[i]);
            }
        }

        return Of<int>(CollectionsMarshal.AsSpan(kept));
    }

    /// <summary>The sum of the values of each cluster.</summary>
    public double[] Sums(ReadOnlySpan<double> values)
    {
        Moments.ThrowIfUneven(values.Length, codes.Length);
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        var sums = new double[Count];
        for (var i = 0; i < values.Length; i++)
        {
            sums[codes[i]] += values[i];
        }

        return sums;
    }
}
