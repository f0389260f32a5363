namespace Sommelier.Statistics.Multiplicity;

/// <summary>Several tests at once, of which none may claim falsely: a gate over several models.</summary>
/// <remarks>S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian J. Statistics 6, 1979. Holds for any dependence.</remarks>
internal static class Holm
{
    /// <summary>Adjusted p values in the order given: with i-th smallest p of m, the largest so far of (m - i + 1) p, not above 1.</summary>
    public static double[] Adjust(ReadOnlySpan<double> pValues)
    {
        var order = SortedOrder.Of(pValues);
        var adjusted = new double[pValues.Length];
        double largest = 0;
        for (var i = 0; i < order.Length; i++)
        {
            largest = Math.Max(largest, Math.Min(1, (order.Length - i) * pValues[order[i]]));
            adjusted[order[i]] = largest;
        }

        return adjusted;
    }
}
