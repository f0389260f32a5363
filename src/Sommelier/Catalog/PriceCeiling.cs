using System.Runtime.InteropServices;

namespace Sommelier.Catalog;

/// <summary>The most that a request can cost: cache writes, reasoning, audio, tiers, hours, the service tier and the place at their dearest, and searches.</summary>
/// <param name="InputNanoUsdPerToken">A token of input, in nano-USD.</param>
/// <param name="OutputNanoUsdPerToken">A token of output, in nano-USD.</param>
/// <param name="SearchNanoUsd">A search of the web that the vendor runs, in nano-USD; 0 where its price is not known.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PriceCeiling(decimal InputNanoUsdPerToken, decimal OutputNanoUsdPerToken, decimal SearchNanoUsd)
{
    // USD per million tokens, as nano-USD per token.
    private const decimal Scale = 1_000m;

    /// <summary>The ceiling of a price for a request.</summary>
    /// <param name="price">The price.</param>
    /// <param name="inputTokens">The request's size.</param>
    /// <param name="sound">Whether the request holds audio, or video, which has sound.</param>
    /// <param name="tier">The service tier that is asked for; null for the usual one. One of unknown price is taken for the dearest that is known.</param>
    /// <param name="geo">Where the call is to be held to; null for anywhere. A place of unknown price is taken for the dearest that is known.</param>
    public static PriceCeiling Of(Price price, long inputTokens, bool sound, string? tier = null, string? geo = null)
    {
        var input = Highest(price.InputUsdPerMillion, price.CacheWrite5m, price.CacheWrite1h);
        var output = Highest(price.OutputUsdPerMillion, price.Reasoning, price.OutputAudio);
        if (sound)
        {
            input = Math.Max(input, price.InputAudio ?? 0);
        }

        foreach (var large in price.Tiers)
        {
            if (inputTokens > large.AboveInputTokens)
            {
                input = Math.Max(input, Highest(large.InputUsdPerMillion ?? 0, large.CacheWrite5m, large.CacheWrite1h));
                output = Math.Max(output, Highest(large.OutputUsdPerMillion ?? 0, large.Reasoning, null));
            }
        }

        var factor = Scale;
        foreach (var hours in price.TimesOfDay)
        {
            factor = Math.Max(factor, hours.Factor * Scale);
        }

        // Whoever asks for another tier may still be served as usual.
        var (usualInput, usualOutput) = (input, output);
        if (tier is not null)
        {
            foreach (var service in price.Served(tier) is { } asked ? [asked] : price.ServiceTiers)
            {
                input = Math.Max(input, InTier(usualInput, price.InputUsdPerMillion, service.InputUsdPerMillion));
                output = Math.Max(output, InTier(usualOutput, price.OutputUsdPerMillion, service.OutputUsdPerMillion));
            }
        }

        if (geo is not null)
        {
            factor *= price.GeoFactors.TryGetValue(geo, out var dearer) ? Math.Max(1, dearer) : price.GeoFactors.Values.Append(1).Max();
        }

        // USD per thousand, as nano-USD for one.
        return new(input * factor, output * factor, (price.WebSearchUsdPerThousand ?? 0) * 1_000_000m);
    }

    /// <summary>The higher of both, each part by itself.</summary>
    public static PriceCeiling Max(in PriceCeiling left, in PriceCeiling right) =>
        new(
            Math.Max(left.InputNanoUsdPerToken, right.InputNanoUsdPerToken),
            Math.Max(left.OutputNanoUsdPerToken, right.OutputNanoUsdPerToken),
            Math.Max(left.SearchNanoUsd, right.SearchNanoUsd));

    // As it is billed: everything keeps its ratio to the usual price; what is free there has none.
    private static decimal InTier(decimal dearest, decimal usual, decimal inTier) => usual > 0 ? dearest * inTier / usual : inTier;

    private static decimal Highest(decimal first, decimal? second, decimal? third) => Math.Max(first, Math.Max(second ?? 0, third ?? 0));
}
