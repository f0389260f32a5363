using System.Globalization;
using Sommelier.Canonical;

namespace Sommelier.Catalog;

/// <summary>Says what of a call is in its cost at another price than the vendor's, because that one is not known.</summary>
internal static class UnpricedUse
{
    /// <summary>The warnings; none of a call whose price is unknown altogether. Estimates go by the tier and the place that were asked for, which may not be those that served.</summary>
    /// <param name="price">The deployment's price.</param>
    /// <param name="usage">What the call used.</param>
    public static IReadOnlyList<Warning> Of(Price? price, in Usage usage)
    {
        if (price is null || price.IsFree || usage is { ServiceTier: null, InferenceGeo: null, WebSearches: 0 })
        {
            return [];
        }

        List<Warning>? unpriced = null;
        if (usage is { Estimated: false, ServiceTier: { } tier } && price.Served(tier) is null)
        {
            (unpriced ??= []).Add(new("unpriced", "service_tier", $"the service tier '{tier}' has no known price: its tokens are in the cost at the usual price"));
        }

        if (usage is { Estimated: false, InferenceGeo: { } geo } && !price.GeoFactors.ContainsKey(geo))
        {
            (unpriced ??= []).Add(new("unpriced", "inference_geo", $"being served in '{geo}' has no known price: its tokens are in the cost at the usual price"));
        }

        if (usage.WebSearches > 0 && price.WebSearchUsdPerThousand is null)
        {
            (unpriced ??= []).Add(new("unpriced", "web_search", string.Create(CultureInfo.InvariantCulture, $"{usage.WebSearches} searches of the web have no known price: the cost leaves them out")));
        }

        return unpriced ?? [];
    }
}
