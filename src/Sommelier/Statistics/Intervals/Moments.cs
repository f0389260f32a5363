using System.Runtime.CompilerServices;

namespace Sommelier.Statistics.Intervals;

/// <summary>Mean, variance and covariance, each in two passes: no digits are lost where the spread is small against the mean.</summary>
internal static class Moments
{
    /// <summary>The mean; values must not be empty.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("The mean of no values is undefined; give at least one.", nameof(values));
        }

        double sum = 0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>The sample variance, divided by n - 1; 0 for a single value.</summary>
    public static double Variance(ReadOnlySpan<double> values, double mean)
    {
        double squares = 0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return values.Length > 1 ? squares / (values.Length - 1) : 0;
    }

    /// <summary>The sample variance, divided by n - 1; 0 for a single value.</summary>
    public static double Variance(ReadOnlySpan<double> values) => Variance(values, Mean(values));

    /// <summary>The sample covariance of two equally long lists, divided by n - 1; 0 for a single pair.</summary>
    public static double Covariance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ThrowIfUneven(x.Length, y.Length);
        var meanX = Mean(x);
        var meanY = Mean(y);
        double sum = 0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }

        return x.Length > 1 ? sum / (x.Length - 1) : 0;
    }

    /// <summary>Pearson's correlation, 0 where one side does not vary.</summary>
    public static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var product = Variance(x) * Variance(y);
        return product > 0 ? Covariance(x, y) / Math.Sqrt(product) : 0;
    }

    /// <summary>Lists that belong together item by item must be equally long.</summary>
    public static void ThrowIfUneven(int first, int second, [CallerArgumentExpression(nameof(second))] string? name = null)
    {
        if (first != second)
        {
            throw new ArgumentException($"Values that belong together item by item must be equally many, but these are {first} and {second}.", name);
        }
    }
}
