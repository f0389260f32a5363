using System.Numerics;

namespace Sommelier.Judging.Mathematics;

/// <summary>What an expression comes to: exactly, where it is a fraction, or at points.</summary>
internal static class MathValue
{
    private const double Golden = 0.618033988749894848;

    /// <summary>The exact value; null when it is no fraction, or a huge one.</summary>
    public static Fraction? Exact(MathNode node)
    {
        if (node is MathNumber number)
        {
            return number.Value;
        }

        if (node is not MathCall { Name: "+" or "-" or "*" or "/" or "^" or "neg" } call || Exact(call.Arguments[0]) is not { } left)
        {
            return null;
        }

        if (call.Name is "neg")
        {
            return left.Negated();
        }

        return Exact(call.Arguments[1]) is not { } right ? null : call.Name switch
        {
            "+" => left.Plus(right),
            "-" => left.Plus(right.Negated()),
            "*" => left.Times(right),
            "/" => left.Over(right),
            _ => left.Power(right),
        };
    }

    /// <summary>The value at a point: each variable has its own there, the same for both sides of a comparison and in every run.</summary>
    public static Complex At(MathNode node, int point)
    {
        switch (node)
        {
            case MathNumber number:
                return number.Value.Value;
            case MathVariable { Name: "i" }:
                return Complex.ImaginaryOne;
            case MathVariable { Name: "e" }:
                return Math.E;
            case MathVariable { Name: "pi" }:
                return Math.PI;
            case MathVariable variable:
                return Coordinate(variable.Name, point);
            case MathCall call:
                var values = new Complex[call.Arguments.Count];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = At(call.Arguments[i], point);
                }

                return MathFunctions.Call(call.Name, values);
            default:
                return double.NaN;
        }
    }

    /// <summary>Whether it has variables, so that one point says little.</summary>
    public static bool Varies(MathNode node) => node is MathVariable { Name: not ("i" or "e" or "pi") } || node.Parts.Any(Varies);

    // Between -2.9 and 3.1, never near 0 or 1 for long; a Weyl sequence, begun by the name.
    private static double Coordinate(string name, int point)
    {
        var seed = name.Aggregate(2166136261u, static (hash, letter) => unchecked((hash ^ letter) * 16777619u));
        var share = (seed / (double)uint.MaxValue + (point + 1) * Golden) % 1;
        return point % 3 == 2 ? -0.4 - 2.5 * share : 0.35 + 2.75 * share;
    }
}
