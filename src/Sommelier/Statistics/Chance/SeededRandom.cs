using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sommelier.Statistics.Chance;

/// <summary>
/// Chance from a seed: the same numbers on every machine and with every version of .NET, which <see cref="Random"/> does not
/// promise. Not for secrets, and not for several threads at once.
/// </summary>
/// <remarks>
/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47, 2021), its state filled
/// from the seed by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), as its authors advise.
/// </remarks>
internal sealed class SeededRandom
{
    private ulong s0;
    private ulong s1;
    private ulong s2;
    private ulong s3;

    public SeededRandom(ulong seed)
    {
        s0 = SplitMix64(ref seed);
        s1 = SplitMix64(ref seed);
        s2 = SplitMix64(ref seed);
        s3 = SplitMix64(ref seed);
    }

    /// <summary>From a whole state, which may not be all zero: to go on where another left off, and for the published test values.</summary>
    public SeededRandom(ulong s0, ulong s1, ulong s2, ulong s3)
    {
        if ((s0 | s1 | s2 | s3) == 0)
        {
            throw new ArgumentException("A state of zeros gives zeros for ever; at least one word must not be zero.", nameof(s0));
        }

        (this.s0, this.s1, this.s2, this.s3) = (s0, s1, s2, s3);
    }

    /// <summary>Another generator for another purpose from the same seed: streams with different numbers are as good as independent.</summary>
    public static SeededRandom Stream(ulong seed, ulong stream)
    {
        // Two rounds of mixing, so that neighbouring seeds and streams do not meet.
        var mixed = SplitMix64(ref stream) ^ BitOperations.RotateLeft(SplitMix64(ref seed), 32);
        return new(SplitMix64(ref mixed));
    }

    /// <summary>64 even bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong NextBits() => Step(ref s0, ref s1, ref s2, ref s3);

    /// <summary>Even on [0, 1), in steps of 2^-53.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to below the bound, each exactly as likely as the others.</summary>
    /// <remarks>D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29, 2019.</remarks>
    /// <param name="bound">At least 1.</param>
    public int Next(int bound)
    {
        Span<int> one = stackalloc int[1];
        Fill(one, bound);
        return one[0];
    }

    /// <summary>As many whole numbers at once, the same as drawn one by one; the state stays in registers meanwhile.</summary>
    public void Fill(Span<int> drawn, int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var (a, b, c, d) = (s0, s1, s2, s3);

        // Products below this would favour some numbers; they are drawn again.
        var least = (0u - (uint)bound) % (uint)bound;
        foreach (ref var number in drawn)
        {
            ulong product;
            do
            {
                product = (Step(ref a, ref b, ref c, ref d) >> 32) * (uint)bound;
            }
            while ((uint)product < least);

            number = (int)(product >> 32);
        }

        (s0, s1, s2, s3) = (a, b, c, d);
    }

    /// <summary>Puts the items in an even random order, in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix64(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Step(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        var result = BitOperations.RotateLeft(b * 5, 7) * 9;
        var t = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = BitOperations.RotateLeft(d, 45);
        return result;
    }
}
