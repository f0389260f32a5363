using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sommelier.Routing;

/// <summary>A 128-bit hash that is the same on every machine and in every process. Names things; keeps no secret.</summary>
/// <remarks>Two lanes of multiply and rotate with the constants of xxHash64, and its avalanche at the end.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct StableHash()
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;

    private ulong a = Prime1;
    private ulong b = Prime2;

    public readonly ulong Value => Avalanche(a ^ BitOperations.RotateLeft(b, 32));

    /// <summary>The hash as a number from 0 up to, not including, 1.</summary>
    public readonly double Unit => (Value >> 11) * (1.0 / (1UL << 53));

    public readonly override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Avalanche(a):x16}{Avalanche(b ^ BitOperations.RotateLeft(a, 17)):x16}");

    public void Add(ulong value)
    {
        a = BitOperations.RotateLeft(a ^ (value * Prime2), 31) * Prime1;
        b = BitOperations.RotateLeft(b + (value ^ Prime3), 29) * Prime3;
    }

    public void Add(long value) => Add(unchecked((ulong)value));

    public void Add(double value) => Add(BitConverter.DoubleToUInt64Bits(value));

    public void Add(bool value) => Add(value ? 1UL : 2UL);

    /// <summary>A null counts as itself, not as zero.</summary>
    public void Add(long? value)
    {
        Add(value.HasValue);
        Add(value.GetValueOrDefault());
    }

    public void Add(double? value)
    {
        Add(value.HasValue);
        Add(value.GetValueOrDefault());
    }

    public void Add(decimal? value)
    {
        Add(value.HasValue);
        Span<int> bits = stackalloc int[4];

        // Dividing by one with all its zeros strips trailing ones: 1.0 and 1.00 are the same amount.
        _ = decimal.GetBits(value.GetValueOrDefault() / 1.0000000000000000000000000000m, bits);
        foreach (var part in bits)
        {
            Add((long)part);
        }
    }

    public void Add(DateTimeOffset? value) => Add(value?.ToUnixTimeMilliseconds());

    public void Add(ReadOnlySpan<char> text)
    {
        Add((long)text.Length);
        var words = MemoryMarshal.Cast<char, ulong>(text);
        foreach (var word in words)
        {
            Add(word);
        }

        foreach (var rest in text[(words.Length * 4)..])
        {
            Add((ulong)rest);
        }
    }

    public void Add(IReadOnlyList<string> texts)
    {
        Add((long)texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            Add(texts[i].AsSpan());
        }
    }

    private static ulong Avalanche(ulong h)
    {
        h = (h ^ (h >> 33)) * Prime2;
        h = (h ^ (h >> 29)) * Prime3;
        return h ^ (h >> 32);
    }
}
