using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sommelier.Routing.Classification;

/// <summary>The features of one text: the distinct buckets of its n-grams, and the dense signals.</summary>
/// <remarks>Lives on the caller's stack; presence counts, not frequency, so a word repeated costs and weighs once.</remarks>
internal ref struct FeatureSet
{
    /// <summary>More n-grams than two full ends can give; what comes after is left out.</summary>
    public const int MaxBuckets = 6144;

    public const int SeenWords = FeatureHash.BucketCount / 64;

    private readonly Span<int> _buckets;
    private readonly Span<ulong> _seen;

    /// <param name="buckets"><see cref="MaxBuckets"/> long.</param>
    /// <param name="seen"><see cref="SeenWords"/> long.</param>
    /// <param name="dense"><see cref="DenseFeatures.Count"/> long.</param>
    public FeatureSet(Span<int> buckets, Span<ulong> seen, Span<float> dense)
    {
        _buckets = buckets[..MaxBuckets];
        _seen = seen[..SeenWords];
        Dense = dense[..DenseFeatures.Count];
        Clear();
    }

    public int Count { get; private set; }

    public readonly ReadOnlySpan<int> Buckets => _buckets[..Count];

    public Span<float> Dense { get; }

    public void Clear()
    {
        Count = 0;
        _seen.Clear();
        Dense.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint hash)
    {
        if (Count == MaxBuckets)
        {
            return;
        }

        // Both spans are as long as the constructor made sure, so neither place is checked again. Whether a bucket is new is nobody's
        // guess, so it is written in any case and only counted when it is.
        var bucket = FeatureHash.Bucket(hash);
        ref var word = ref Unsafe.Add(ref MemoryMarshal.GetReference(_seen), bucket >> 6);
        var before = word;
        word = before | (1UL << bucket);
        Unsafe.Add(ref MemoryMarshal.GetReference(_buckets), Count) = bucket;
        Count += (int)(~(before >> bucket) & 1);
    }
}
