using System.Text.Json;
using Sommelier.Catalog;
using static Sommelier.CatalogBuilder.Facts.SourceCatalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>The price of a deployment: the later of two sources, unless it cannot be right.</summary>
public static class PriceFacts
{
    /// <summary>The price, or null when none is known or a zero means "not sold by the token".</summary>
    public static Price? Of(ProviderMap map, string id, string maker, JsonElement model, TextWriter report)
    {
        var given = Child(model, "price");
        if (given.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var first = Texts(model, "sources")[0];
        var price = Read(given, first);
        var later = Child(model, "price_later");
        if (later.ValueKind == JsonValueKind.Object && Read(later, "pi-ai") is var candidate && Differs(price, candidate))
        {
            if (Plausible(price, candidate))
            {
                price = candidate with
                {
                    CacheRead = candidate.CacheRead ?? price.CacheRead,
                    CacheWrite5m = candidate.CacheWrite5m ?? price.CacheWrite5m,
                    InputAudio = price.InputAudio,
                    OutputAudio = price.OutputAudio,
                    Tiers = candidate.InputUsdPerMillion == price.InputUsdPerMillion ? price.Tiers : [],
                };
            }
            else
            {
                report.WriteLine($"  kept {map.Name}/{id} at {price.InputUsdPerMillion}/{price.OutputUsdPerMillion}: the later {candidate.InputUsdPerMillion}/{candidate.OutputUsdPerMillion} of pi-ai is implausible");
            }
        }

        if (price.InputUsdPerMillion == 0 && price.OutputUsdPerMillion == 0)
        {
            // A fast variant without its own price is not free; a model that a price list calls free is.
            return map.ZeroIsFree && first != "pi-ai" ? price : null;
        }

        // Anthropic bills a one-hour write at twice the input price, in all 44 published prices of its own scale.
        var hour = Money(Child(model, "litellm"), "cache_write_1h");
        hour = hour > 0 ? hour : maker == "anthropic" && price.CacheWrite5m is not null ? price.InputUsdPerMillion * 2 : null;
        return price with
        {
            CacheWrite1h = hour,
            Tiers = price.Tiers.Select(t => maker == "anthropic" && t.CacheWrite5m is not null ? t with { CacheWrite1h = t.InputUsdPerMillion * 2 } : t).ToArray(),
        };
    }

    private static Price Read(JsonElement from, string source) => new()
    {
        InputUsdPerMillion = Money(from, "input") ?? 0,
        OutputUsdPerMillion = Money(from, "output") ?? 0,
        CacheRead = Positive(from, "cache_read"),
        CacheWrite5m = Positive(from, "cache_write"),
        Reasoning = Positive(from, "reasoning"),
        InputAudio = Positive(from, "input_audio"),
        OutputAudio = Positive(from, "output_audio"),
        Tiers = Child(from, "tiers") is { ValueKind: JsonValueKind.Array } tiers
            ? tiers.EnumerateArray().Select(ReadTier).OrderBy(t => t.AboveInputTokens).ToArray()
            : [],
        Source = source,
        SourceDate = DateOnly.Parse(Sources[IndexOf(source)].Date),
    };

    private static PriceTier ReadTier(JsonElement tier) => new()
    {
        AboveInputTokens = tier.GetProperty("above_context_tokens").GetInt32(),
        InputUsdPerMillion = Positive(tier, "input"),
        OutputUsdPerMillion = Positive(tier, "output"),
        CacheRead = Positive(tier, "cache_read"),
        CacheWrite5m = Positive(tier, "cache_write"),
        Reasoning = Positive(tier, "reasoning"),
    };

    private static bool Differs(Price a, Price b) =>
        a.InputUsdPerMillion != b.InputUsdPerMillion || a.OutputUsdPerMillion != b.OutputUsdPerMillion || a.CacheRead != b.CacheRead;

    /// <summary>A later price is not believed when it is zero, or when output became three times as dear relative to input and is over fifteen times of it:
    /// OpenRouter's lowest input and highest output of different hosts were mixed there.</summary>
    private static bool Plausible(Price earlier, Price later)
    {
        if (later.InputUsdPerMillion == 0)
        {
            return false;
        }

        var ratio = later.OutputUsdPerMillion / later.InputUsdPerMillion;
        return ratio <= 15 || earlier.InputUsdPerMillion == 0 || ratio <= 3 * earlier.OutputUsdPerMillion / earlier.InputUsdPerMillion;
    }

    private static decimal? Money(JsonElement of, string name) =>
        Child(of, name) is { ValueKind: JsonValueKind.Number } value ? decimal.Round(value.GetDecimal(), 9) / 1.000000000000m : null;

    // A cache price of zero stands for "no such price" in the sources, so it must not make cached input free.
    private static decimal? Positive(JsonElement of, string name) => Money(of, name) is > 0 and var value ? value : null;
}
