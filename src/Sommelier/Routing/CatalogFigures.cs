using System.Runtime.CompilerServices;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>A snapshot's qualities and prices as plain doubles side by side: what every decision multiplies. Made once per snapshot.</summary>
internal sealed class CatalogFigures
{
    private static readonly ConditionalWeakTable<CatalogSnapshot, CatalogFigures> Made = [];

    private static readonly double[] Even = [.. Enumerable.Repeat(1.0 / Intents.Count, Intents.Count)];

    private readonly double[] means;
    private readonly double[] lows;
    private readonly double[] lowsOfAny;
    private readonly PlainPrice[] prices;

    private CatalogFigures(CatalogSnapshot catalog)
    {
        var count = catalog.Deployments.Count;
        means = new double[count * Intents.Count];
        lows = new double[count * Intents.Count];
        lowsOfAny = new double[count];
        prices = new PlainPrice[count];
        for (var i = 0; i < count; i++)
        {
            var row = catalog.QualityOf(i);
            for (var t = 0; t < Intents.Count; t++)
            {
                means[(i * Intents.Count) + t] = row[t].Mean;
                lows[(i * Intents.Count) + t] = row[t].Low;
            }

            lowsOfAny[i] = Dot(lows.AsSpan(i * Intents.Count, Intents.Count), Even);
            prices[i] = PlainPrice.Of(catalog.Deployments[i].Price);
        }
    }

    public static CatalogFigures Of(CatalogSnapshot catalog) => Made.GetValue(catalog, static c => new(c));

    public ref readonly PlainPrice PriceOf(int index) => ref prices[index];

    public double Mean(int index, double[] weights) => Dot(means.AsSpan(index * Intents.Count, Intents.Count), weights);

    public double Low(int index, double[] weights) => Dot(lows.AsSpan(index * Intents.Count, Intents.Count), weights);

    /// <summary>The lower bound of a request of which nothing is known: every intent counts the same.</summary>
    public double LowOfAny(int index) => lowsOfAny[index];

    // Two lanes on every machine, whatever its vectors: the order of additions, and so the last bit, must not depend on it.
    private static double Dot(ReadOnlySpan<double> values, ReadOnlySpan<double> weights)
    {
        double even = 0, odd = 0;
        for (var i = 0; i + 1 < values.Length && i + 1 < weights.Length; i += 2)
        {
            even += values[i] * weights[i];
            odd += values[i + 1] * weights[i + 1];
        }

        return even + odd;
    }
}
