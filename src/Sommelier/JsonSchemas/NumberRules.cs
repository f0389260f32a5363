using System.Globalization;
using System.Text.Json;

namespace Sommelier.JsonSchemas;

/// <summary>Arithmetic on JSON numbers: exact where they fit a decimal, by double beyond it.</summary>
internal static class JsonNumbers
{
    /// <summary>Whether a number has no fraction: 1, 1.0 and 1e3 have none.</summary>
    public static bool IsWhole(JsonElement number)
    {
        if (number.TryGetInt64(out _))
        {
            return true;
        }

        return number.TryGetDecimal(out var exact)
            ? exact == decimal.Truncate(exact)
            : number.TryGetDouble(out var rough) && double.IsFinite(rough) && rough == Math.Floor(rough);
    }

    /// <summary>Compares two numbers.</summary>
    public static int Compare(JsonElement left, JsonElement right) =>
        left.TryGetDecimal(out var exactLeft) && right.TryGetDecimal(out var exactRight)
            ? exactLeft.CompareTo(exactRight)
            : Rough(left).CompareTo(Rough(right));

    /// <summary>Whether a number is a whole multiple of another one that is not 0.</summary>
    public static bool IsMultiple(JsonElement number, JsonElement of)
    {
        if (number.TryGetDecimal(out var exact) && of.TryGetDecimal(out var exactOf) && exactOf != 0)
        {
            try
            {
                return exact % exactOf == 0;
            }
            catch (OverflowException)
            {
                // Too far apart for a decimal.
            }
        }

        var quotient = Rough(number) / Rough(of);
        return double.IsFinite(quotient) && quotient == Math.Floor(quotient);
    }

    private static double Rough(JsonElement number) => number.TryGetDouble(out var value) ? value : double.NaN;
}

/// <summary>Which side of its limit a number must stay on.</summary>
internal enum NumberLimit
{
    /// <summary><c>minimum</c>.</summary>
    AtLeast,

    /// <summary><c>maximum</c>.</summary>
    AtMost,

    /// <summary><c>exclusiveMinimum</c>.</summary>
    Above,

    /// <summary><c>exclusiveMaximum</c>.</summary>
    Below,

    /// <summary><c>multipleOf</c>.</summary>
    MultipleOf,
}

/// <summary>A limit of numbers.</summary>
internal sealed class NumberRule(NumberLimit kind, JsonElement limit) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            return true;
        }

        var (holds, words) = kind switch
        {
            NumberLimit.AtLeast => (JsonNumbers.Compare(value, limit) >= 0, "at least"),
            NumberLimit.AtMost => (JsonNumbers.Compare(value, limit) <= 0, "at most"),
            NumberLimit.Above => (JsonNumbers.Compare(value, limit) > 0, "more than"),
            NumberLimit.Below => (JsonNumbers.Compare(value, limit) < 0, "less than"),
            _ => (JsonNumbers.IsMultiple(value, limit), "a multiple of"),
        };
        return holds || walk.Fail(string.Create(CultureInfo.InvariantCulture, $"must be {words} {limit.GetRawText()}"));
    }
}
