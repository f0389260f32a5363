using System.Runtime.InteropServices;

namespace Sommelier.Routing;

/// <summary>Chance from a seed, the same on every machine: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
[StructLayout(LayoutKind.Auto)]
internal struct SplitMix(ulong seed)
{
    private ulong state = seed;

    /// <summary>From 0 up to, not including, 1.</summary>
    public double Unit()
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Of the normal distribution with mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());
}
