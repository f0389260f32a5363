using System.Collections.Frozen;

namespace Sommelier.Catalog;

/// <summary>What a deployment charges. All prices are USD per million tokens.</summary>
public sealed record Price
{
    /// <summary>Input that no other price is given for.</summary>
    public required decimal InputUsdPerMillion { get; init; }

    /// <summary>Output that no other price is given for.</summary>
    public required decimal OutputUsdPerMillion { get; init; }

    /// <summary>Input read from a cache; null: the input price.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Input written to a cache for five minutes, or for the provider's only time to live; null: the input price.</summary>
    public decimal? CacheWrite5m { get; init; }

    /// <summary>Input written to a cache for one hour; null: <see cref="CacheWrite5m"/>.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Output spent on reasoning; null: the output price.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>Audio input that was not read from a cache; null: the input price. Cached audio costs more than other cached
    /// input in the ratio of this price to the input price, which is how Google prices it: ai.google.dev/gemini-api/docs/pricing</summary>
    public decimal? InputAudio { get; init; }

    /// <summary>Audio output; null: the output price.</summary>
    public decimal? OutputAudio { get; init; }

    /// <summary>Prices of large requests, by rising limit.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>Prices by hour; the first that holds is taken.</summary>
    public IReadOnlyList<TimeOfDayPrice> TimesOfDay { get; init; } = [];

    /// <summary>Prices of other ways of being served than the usual one, see <see cref="Canonical.Usage.ServiceTier"/>.</summary>
    public IReadOnlyList<ServiceTierPrice> ServiceTiers { get; init; } = [];

    /// <summary>By how much tokens cost more where the call is held to one place, by <see cref="Canonical.Usage.InferenceGeo"/>.</summary>
    public IReadOnlyDictionary<string, decimal> GeoFactors { get; init; } = FrozenDictionary<string, decimal>.Empty;

    /// <summary>A thousand searches of the web that the vendor runs, in USD; null when unknown, which is not free.</summary>
    public decimal? WebSearchUsdPerThousand { get; init; }

    /// <summary>The day from which the price holds; null when the source does not say.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>Where the price was read, e.g. <c>models.dev</c>, or <c>configuration</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The day on which the source was read.</summary>
    public required DateOnly SourceDate { get; init; }

    /// <summary>The price of a service tier; null when it has none of its own.</summary>
    public ServiceTierPrice? Served(string tier)
    {
        for (var i = 0; i < ServiceTiers.Count; i++)
        {
            if (string.Equals(ServiceTiers[i].Name, tier, StringComparison.Ordinal))
            {
                return ServiceTiers[i];
            }
        }

        return null;
    }

    /// <summary>Whether nothing is charged: local servers, free tiers.</summary>
    public bool IsFree => InputUsdPerMillion == 0 && OutputUsdPerMillion == 0 && Tiers.Count == 0 && ServiceTiers.Count == 0;
}
