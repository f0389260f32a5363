using System.Numerics;

namespace Sommelier.Judging.Mathematics;

/// <summary>Operations and functions, on complex numbers.</summary>
internal static class MathFunctions
{
    /// <summary>Names of functions of one argument, as they stand after a backslash.</summary>
    public static IReadOnlySet<string> Names { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log", "lg", "exp",
    };

    /// <summary>The value; not a number where there is none.</summary>
    public static Complex Call(string name, ReadOnlySpan<Complex> of) => name switch
    {
        "+" => of[0] + of[1],
        "-" => of[0] - of[1],
        "*" => of[0] * of[1],
        "/" => of[0] / of[1],
        "^" => of[0] == Complex.Zero && of[1].Real > 0 ? Complex.Zero : Complex.Pow(of[0], of[1]),
        "neg" => -of[0],
        "sqrt" => Complex.Sqrt(of[0]),
        "root" => Root(of[0], of[1]),
        "abs" => Complex.Abs(of[0]),
        "sin" => Complex.Sin(of[0]),
        "cos" => Complex.Cos(of[0]),
        "tan" => Complex.Tan(of[0]),
        "cot" => 1 / Complex.Tan(of[0]),
        "sec" => 1 / Complex.Cos(of[0]),
        "csc" => 1 / Complex.Sin(of[0]),
        "arcsin" => Complex.Asin(of[0]),
        "arccos" => Complex.Acos(of[0]),
        "arctan" => Complex.Atan(of[0]),
        "sinh" => Complex.Sinh(of[0]),
        "cosh" => Complex.Cosh(of[0]),
        "tanh" => Complex.Tanh(of[0]),
        "ln" => Complex.Log(of[0]),
        "log" or "lg" => Complex.Log(of[0]) / Math.Log(10),
        "logbase" => Complex.Log(of[1]) / Complex.Log(of[0]),
        "exp" => Complex.Exp(of[0]),
        "!" => Factorial(of[0]),
        "binom" => Factorial(of[0]) / Factorial(of[1]) / Factorial(of[0] - of[1]),
        "floor" => of[0].Imaginary == 0 ? Math.Floor(of[0].Real) : double.NaN,
        "ceil" => of[0].Imaginary == 0 ? Math.Ceiling(of[0].Real) : double.NaN,

        // Digits to another base are themselves only: 204_5 is neither 204 nor 54.
        "base" => of[0] + of[1] * Math.E * 1_000,
        _ => double.NaN,
    };

    // The real root where there is one: the cube root of -8 is -2.
    private static Complex Root(Complex index, Complex of) =>
        of.Imaginary == 0 && of.Real < 0 && index.Imaginary == 0 && index.Real % 2 == 1 ? -Complex.Pow(-of.Real, 1 / index.Real) : Complex.Pow(of, 1 / index);

    private static Complex Factorial(Complex of)
    {
        if (of.Imaginary != 0 || of.Real < 0 || of.Real > 170 || of.Real != Math.Floor(of.Real))
        {
            return double.NaN;
        }

        var product = 1.0;
        for (var i = 2; i <= of.Real; i++)
        {
            product *= i;
        }

        return product;
    }
}
