namespace Sommelier.Evals.Text;

/// <summary>How near two vectors are.</summary>
internal static class Vectors
{
    /// <summary>How much they point the same way, -1 to 1; 0 when one of them is all zeros or they differ in length.</summary>
    public static double Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var (first, second) = (Dot(left, left), Dot(right, right));
        return first == 0 || second == 0 ? 0 : Math.Clamp(Dot(left, right) / Math.Sqrt(first) / Math.Sqrt(second), -1, 1);
    }

    /// <summary>The sum of their products; 0 when they differ in length.</summary>
    public static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length && left.Length == right.Length; i++)
        {
            sum += (double)left[i] * right[i];
        }

        return sum;
    }

    /// <summary>How far apart their ends are; infinite when they differ in length.</summary>
    public static double Distance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sum = left.Length == right.Length ? 0 : double.PositiveInfinity;
        for (var i = 0; i < left.Length && left.Length == right.Length; i++)
        {
            sum += ((double)left[i] - right[i]) * ((double)left[i] - right[i]);
        }

        return Math.Sqrt(sum);
    }
}
