namespace Sommelier.RouterBenchmark.Reports;

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    /// <summary>About five steps of 1, 2 or 5 times a power of ten that lie in a range.</summary>
    public static IEnumerable<double> Linear(double from, double to)
    {
        var rough = Math.Max(1e-12, (to - from) / 5);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        for (var i = Math.Ceiling(from / step); i * step <= to + (step * 1e-9); i++)
        {
            yield return i * step;
        }
    }

    /// <summary>1, 2 and 5 times the powers of ten that lie in a range; only the powers when it is wide.</summary>
    public static IEnumerable<double> Logarithmic(double from, double to)
    {
        double[] digits = to / from > 100 ? [1] : [1, 2, 5];
        for (var power = Math.Floor(Math.Log10(from)); Math.Pow(10, power) <= to; power++)
        {
            foreach (var digit in digits)
            {
                if (digit * Math.Pow(10, power) is var tick && tick >= from && tick <= to)
                {
                    yield return tick;
                }
            }
        }
    }
}
