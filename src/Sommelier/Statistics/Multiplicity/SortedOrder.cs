namespace Sommelier.Statistics.Multiplicity;

/// <summary>The places of p values from the smallest to the largest.</summary>
internal static class SortedOrder
{
    public static int[] Of(ReadOnlySpan<double> pValues)
    {
        var order = new int[pValues.Length];
        for (var i = 0; i < order.Length; i++)
        {
            if (pValues[i] is not (>= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(pValues), pValues[i], "A p value lies between 0 and 1; leave out tests that gave none.");
            }

            order[i] = i;
        }

        Array.Sort(pValues.ToArray(), order);
        return order;
    }
}
