using System.Runtime.CompilerServices;

namespace Sommelier.Routing.Classification;

/// <summary>The hashes of words and character n-grams; the weights file is only valid with exactly these.</summary>
internal static class FeatureHash
{
    /// <summary>log2 of the number of buckets: 4 MiB of rows in memory, little over a megabyte on disk.</summary>
    public const int BucketBits = 17;

    public const int BucketCount = 1 << BucketBits;

    public const uint WordSeed = 0x811C9DC5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Step(uint hash, char unit) => (hash ^ unit) * 0x01000193;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Word(uint state) => Finish(state ^ 0x2545F491);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint WordPair(uint first, uint second) => Finish((first * 0x9E3779B1) ^ second);

    /// <summary>The hash of the last <paramref name="length"/> units (1 to 4) of a window of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Gram(ulong window, int length)
    {
        var key = (window << (64 - (16 * length))) | (uint)length;
        return (uint)((key * 0x9E3779B97F4A7C15 ^ (key >> 29)) * 0xD6E8FEB86659FD93 >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bucket(uint hash) => (int)(hash >> (32 - BucketBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Finish(uint hash)
    {
        hash ^= hash >> 15;
        hash *= 0x85EBCA6B;
        hash ^= hash >> 13;
        hash *= 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
