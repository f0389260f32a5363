namespace Sommelier.Statistics.Multiplicity;

/// <summary>Many findings at once, of which a stated share may be false: slices of a dashboard.</summary>
/// <remarks>Benjamini and Hochberg, J. Royal Statistical Society B 57, 1995. Holds for independent and for positively dependent tests.</remarks>
internal static class BenjaminiHochberg
{
    /// <summary>Adjusted p values in the order given: with i-th smallest p of m, the smallest from there on of p m/i.</summary>
    public static double[] Adjust(ReadOnlySpan<double> pValues)
    {
        var order = SortedOrder.Of(pValues);
        var adjusted = new double[pValues.Length];
        double smallest = 1;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            smallest = Math.Min(smallest, pValues[order[i]] * order.Length / (i + 1));
            adjusted[order[i]] = smallest;
        }

        return adjusted;
    }
}
