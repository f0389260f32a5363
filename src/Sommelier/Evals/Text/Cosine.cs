namespace Sommelier.Evals.Text;

/// <summary>How much two vectors point the same way.</summary>
internal static class Cosine
{
    /// <summary>-1 to 1; 0 when one of them is all zeros or they differ in length.</summary>
    public static double Of(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        if (left.Length != right.Length)
        {
            return 0;
        }

        double dot = 0, first = 0, second = 0;
        for (var i = 0; i < left.Length; i++)
        {
            dot += (double)left[i] * right[i];
            first += (double)left[i] * left[i];
            second += (double)right[i] * right[i];
        }

        return first == 0 || second == 0 ? 0 : Math.Clamp(dot / Math.Sqrt(first) / Math.Sqrt(second), -1, 1);
    }
}
