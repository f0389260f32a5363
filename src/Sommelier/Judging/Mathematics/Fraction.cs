using System.Numerics;

namespace Sommelier.Judging.Mathematics;

/// <summary>An exact fraction, in lowest terms, its denominator above zero.</summary>
internal readonly record struct Fraction
{
    // Bits of numerator or denominator: beyond, arithmetic is inexact, not slow.
    private const int MostBits = 4_096;
    private const int MostPower = 1_000;

    private Fraction(BigInteger numerator, BigInteger denominator) => (Numerator, Denominator) = (numerator, denominator);

    /// <summary>Nothing.</summary>
    public static Fraction Zero { get; } = new(BigInteger.Zero, BigInteger.One);

    /// <summary>The upper number, with the sign.</summary>
    public BigInteger Numerator { get; }

    /// <summary>The lower number.</summary>
    public BigInteger Denominator { get; }

    /// <summary>As a double; infinite where it is too large.</summary>
    public double Value => (double)Numerator / (double)Denominator is var plain && double.IsFinite(plain) ? plain : Math.Exp(BigInteger.Log(BigInteger.Abs(Numerator)) - BigInteger.Log(Denominator)) * Numerator.Sign;

    /// <summary>Numerator over denominator; null for a division by zero, or one that is too large.</summary>
    public static Fraction? Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero || numerator.GetBitLength() > 2 * MostBits || denominator.GetBitLength() > 2 * MostBits)
        {
            return null;
        }

        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        var (upper, lower) = (numerator / common, denominator / common);
        return upper.GetBitLength() > MostBits || lower.GetBitLength() > MostBits ? null : new(upper, lower);
    }

    /// <summary>A decimal, e.g. <c>12.50</c>; null for one that is too long.</summary>
    public static Fraction? Parse(ReadOnlySpan<char> digits)
    {
        var point = digits.IndexOf('.');
        var places = point < 0 ? 0 : digits.Length - point - 1;
        return digits.Length > MostPower ? null : Of(BigInteger.Parse($"0{digits.ToString().Replace(".", "", StringComparison.Ordinal)}", System.Globalization.CultureInfo.InvariantCulture), BigInteger.Pow(10, places));
    }

    /// <summary>The sum.</summary>
    public Fraction? Plus(Fraction other) => Of(Numerator * other.Denominator + other.Numerator * Denominator, Denominator * other.Denominator);

    /// <summary>The product.</summary>
    public Fraction? Times(Fraction other) => Of(Numerator * other.Numerator, Denominator * other.Denominator);

    /// <summary>The quotient; null by zero.</summary>
    public Fraction? Over(Fraction other) => Of(Numerator * other.Denominator, Denominator * other.Numerator);

    /// <summary>With the other sign.</summary>
    public Fraction Negated() => new(-Numerator, Denominator);

    /// <summary>To a whole power; null for another one, a large one, or zero to a negative one.</summary>
    public Fraction? Power(Fraction power)
    {
        if (!power.Denominator.IsOne || BigInteger.Abs(power.Numerator) > MostPower || (long)(power.Numerator.IsZero ? 0 : BigInteger.Abs(power.Numerator)) * Math.Max(Numerator.GetBitLength(), Denominator.GetBitLength()) > MostBits)
        {
            return null;
        }

        var times = (int)BigInteger.Abs(power.Numerator);
        var (upper, lower) = (BigInteger.Pow(Numerator, times), BigInteger.Pow(Denominator, times));
        return power.Numerator.Sign < 0 ? Of(lower, upper) : Of(upper, lower);
    }
}
