using Sommelier.Canonical;

namespace Sommelier.Catalog;

/// <summary>The one place where tokens become money.</summary>
public static class PriceCalculator
{
    /// <summary>What a call costs, in USD, rounded once, half away from zero, to 1e-9 USD.</summary>
    /// <param name="price">The deployment's price.</param>
    /// <param name="usage">What the call used. Parts that exceed their whole are held to it: a provider that reports
    /// more cached than input tokens is charged for no more than its input.</param>
    /// <param name="at">When the call was sent, for prices by hour.</param>
    public static decimal Cost(Price price, in Usage usage, DateTimeOffset at)
    {
        var tier = TierFor(price, usage.InputTokens);
        var inputPrice = tier?.InputUsdPerMillion ?? price.InputUsdPerMillion;
        var outputPrice = tier?.OutputUsdPerMillion ?? price.OutputUsdPerMillion;
        var readPrice = tier?.CacheRead ?? price.CacheRead ?? inputPrice;
        var writePrice = tier?.CacheWrite5m ?? price.CacheWrite5m ?? inputPrice;
        var write1hPrice = tier?.CacheWrite1h ?? price.CacheWrite1h ?? writePrice;

        // A tier that raises the output price raises reasoning with it, unless the tier prices reasoning apart.
        var reasoningPrice = tier?.Reasoning ?? (tier?.OutputUsdPerMillion is null ? price.Reasoning : null) ?? outputPrice;

        var input = Math.Max(0, usage.InputTokens);
        var read = Math.Clamp(usage.CacheReadInputTokens, 0, input);
        var written = Math.Clamp(usage.CacheCreationInputTokens, 0, input - read);
        var written1h = Math.Clamp(usage.CacheCreation1hInputTokens, 0, written);
        var output = Math.Max(0, usage.OutputTokens);
        var reasoning = Math.Clamp(usage.ReasoningOutputTokens, 0, output);

        // Most calls have no cache, audio or reasoning of their own price: a ranking prices every candidate, so nought is not multiplied.
        var inputCost = (input - read - written) * inputPrice;
        if (read > 0)
        {
            inputCost += read * readPrice;
        }

        if (written > 0)
        {
            inputCost += ((written - written1h) * writePrice) + (written1h * write1hPrice);
        }

        var outputCost = reasoning == 0
            ? output * outputPrice
            : ((output - reasoning) * outputPrice) + (reasoning * reasoningPrice);
        if (usage.InputAudioTokens > 0 && price.InputAudio is { } inputAudio)
        {
            inputCost += AudioSurcharge(usage, input - read - written, read, inputPrice, readPrice, AudioPrice(inputAudio, tier?.InputUsdPerMillion));
        }

        if (usage.OutputAudioTokens > 0 && price.OutputAudio is { } outputAudio)
        {
            outputCost += Math.Min(usage.OutputAudioTokens, output - reasoning) * (AudioPrice(outputAudio, tier?.OutputUsdPerMillion) - outputPrice);
        }

        if (usage.ServiceTier is { } served && price.Served(served) is { } service)
        {
            // An estimate is made of what was asked for, which need not be what was given.
            inputCost = InTier(inputCost, input, price.InputUsdPerMillion, service.InputUsdPerMillion, usage.Estimated);
            outputCost = InTier(outputCost, output, price.OutputUsdPerMillion, service.OutputUsdPerMillion, usage.Estimated);
        }

        var perMillion = inputCost + outputCost;
        if (usage.InferenceGeo is { } geo && price.GeoFactors.TryGetValue(geo, out var dearer))
        {
            perMillion *= dearer;
        }

        if (price.TimesOfDay.Count > 0)
        {
            perMillion *= FactorAt(price, at);
        }

        var total = perMillion * 0.000001m;
        if (usage.WebSearches > 0 && price.WebSearchUsdPerThousand is { } searching)
        {
            total += usage.WebSearches * searching * 0.001m;
        }

        return Math.Round(total, 9, MidpointRounding.AwayFromZero);
    }

    // Everything keeps its ratio to the usual price; what is free there has none.
    private static decimal InTier(decimal cost, long tokens, decimal usual, decimal inTier, bool atLeastUsual) => atLeastUsual && inTier <= usual ? cost
        : usual == 0 ? tokens * inTier
        : cost * inTier / usual;

    // What audio costs beyond (or below) as much text. Where nobody tells which of it was cached, the dear part is taken not to be,
    // as far as there is input that is not. Cached audio keeps the ratio of both prices: it is 0.10 beside 0.03 where audio is 1.00 beside 0.30.
    private static decimal AudioSurcharge(in Usage usage, long fresh, long read, decimal inputPrice, decimal readPrice, decimal audioPrice)
    {
        var audio = usage.InputAudioTokens;
        var freshAudio = Math.Min(audio - Math.Clamp(usage.CacheReadInputAudioTokens, 0, Math.Min(audio, read)), fresh);
        var cachedAudio = Math.Min(audio - freshAudio, read);
        var surcharge = freshAudio * (audioPrice - inputPrice);
        return cachedAudio == 0 || inputPrice == 0
            ? surcharge
            : surcharge + (cachedAudio * ((readPrice * audioPrice / inputPrice) - readPrice));
    }

    // A tier raises no price of audio apart, so that audio never costs less than text of its tier.
    private static decimal AudioPrice(decimal audio, decimal? tier) => Math.Max(audio, tier ?? 0);

    private static PriceTier? TierFor(Price price, long inputTokens)
    {
        PriceTier? best = null;
        for (var i = 0; i < price.Tiers.Count; i++)
        {
            var tier = price.Tiers[i];
            if (inputTokens > tier.AboveInputTokens && (best is null || tier.AboveInputTokens > best.AboveInputTokens))
            {
                best = tier;
            }
        }

        return best;
    }

    private static decimal FactorAt(Price price, DateTimeOffset at)
    {
        for (var i = 0; i < price.TimesOfDay.Count; i++)
        {
            if (price.TimesOfDay[i].Holds(at))
            {
                return price.TimesOfDay[i].Factor;
            }
        }

        return 1m;
    }
}
