using System.Runtime.InteropServices;

namespace Sommelier.Catalog;

/// <summary>The most that tokens of a request can cost: cache writes, reasoning, audio, tiers and hours at their dearest.</summary>
/// <param name="InputNanoUsdPerToken">A token of input, in nano-USD.</param>
/// <param name="OutputNanoUsdPerToken">A token of output, in nano-USD.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PriceCeiling(decimal InputNanoUsdPerToken, decimal OutputNanoUsdPerToken)
{
    // USD per million tokens, as nano-USD per token.
    private const decimal Scale = 1_000m;

    /// <summary>The ceiling of a price for a request.</summary>
    /// <param name="price">The price.</param>
    /// <param name="inputTokens">The request's size.</param>
    /// <param name="sound">Whether the request holds audio, or video, which has sound.</param>
    public static PriceCeiling Of(Price price, long inputTokens, bool sound)
    {
        var input = Highest(price.InputUsdPerMillion, price.CacheWrite5m, price.CacheWrite1h);
        var output = Highest(price.OutputUsdPerMillion, price.Reasoning, price.OutputAudio);
        if (sound)
        {
            input = Math.Max(input, price.InputAudio ?? 0);
        }

        foreach (var tier in price.Tiers)
        {
            if (inputTokens > tier.AboveInputTokens)
            {
                input = Math.Max(input, Highest(tier.InputUsdPerMillion ?? 0, tier.CacheWrite5m, tier.CacheWrite1h));
                output = Math.Max(output, Highest(tier.OutputUsdPerMillion ?? 0, tier.Reasoning, null));
            }
        }

        var factor = Scale;
        foreach (var hours in price.TimesOfDay)
        {
            factor = Math.Max(factor, hours.Factor * Scale);
        }

        return new(input * factor, output * factor);
    }

    /// <summary>The higher of both, each part by itself.</summary>
    public static PriceCeiling Max(in PriceCeiling left, in PriceCeiling right) =>
        new(Math.Max(left.InputNanoUsdPerToken, right.InputNanoUsdPerToken), Math.Max(left.OutputNanoUsdPerToken, right.OutputNanoUsdPerToken));

    private static decimal Highest(decimal first, decimal? second, decimal? third) => Math.Max(first, Math.Max(second ?? 0, third ?? 0));
}
