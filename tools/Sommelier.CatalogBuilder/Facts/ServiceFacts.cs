using System.Text.Json;
using Sommelier.Catalog;
using static Sommelier.CatalogBuilder.Facts.SourceCatalog;

namespace Sommelier.CatalogBuilder.Facts;

/// <summary>What calls cost beside the usual price of their tokens: service tiers, places, searches.</summary>
public static class ServiceFacts
{
    /// <summary>The price with what is known of these.</summary>
    /// <param name="fees">LiteLLM's list.</param>
    /// <param name="map">The provider.</param>
    /// <param name="maker">The model's maker.</param>
    /// <param name="model">The model in the joined catalog.</param>
    /// <param name="price">Its price.</param>
    public static Price With(JsonElement fees, ProviderMap map, string maker, JsonElement model, Price price)
    {
        var fee = Text(Child(model, "litellm"), "key") is { } key ? Child(fees, key) : default;
        return price with
        {
            ServiceTiers = Tiers(model, price),

            // All of the list's five Claude models that tell are 1.1 times as dear where the inference is held to the USA.
            GeoFactors = map.Name == "anthropic" ? new Dictionary<string, decimal>(StringComparer.Ordinal) { ["us"] = 1.1m } : price.GeoFactors,
            WebSearchUsdPerThousand = Search(fee, map.Name, maker),
        };
    }

    // models.dev's are the later ones.
    private static ServiceTierPrice[] Tiers(JsonElement model, Price price)
    {
        SortedDictionary<string, ServiceTierPrice> tiers = new(StringComparer.Ordinal);
        var listed = Child(model, "price");
        if (Child(model, "modes") is { ValueKind: JsonValueKind.Object } modes)
        {
            foreach (var mode in modes.EnumerateObject())
            {
                var body = Child(Child(mode.Value, "provider"), "body");
                var name = Text(body, "service_tier") ?? Text(body, "speed");
                Add(name, Child(mode.Value, "cost"), "input", "output", "models.dev");
            }
        }

        foreach (var name in (string[])["priority", "flex"])
        {
            Add(name, Child(model, "litellm"), $"{name}_input", $"{name}_output", "litellm");
        }

        return [.. tiers.Values];

        void Add(string? name, JsonElement from, string input, string output, string source)
        {
            // A price of input alone is a slip of the list.
            if (name is null || tiers.ContainsKey(name) || Amount(from, input) is not { } inTier || Amount(from, output) is not { } outTier
                || Amount(listed, "input") is not { } usualIn || Amount(listed, "output") is not { } usualOut)
            {
                return;
            }

            // Where a later source has another usual price, the tier keeps its ratio to it.
            tiers[name] = new()
            {
                Name = name,
                InputUsdPerMillion = Rounded(inTier * price.InputUsdPerMillion / usualIn),
                OutputUsdPerMillion = Rounded(outTier * price.OutputUsdPerMillion / usualOut),
                Source = source,
            };
        }
    }

    /// <summary>USD per thousand. Google's older models charge by grounded answer and not by query, which the list tells apart.</summary>
    private static decimal? Search(JsonElement fee, string provider, string maker) => provider switch
    {
        // The 17 prices of Claude models are one, so that newer ones than the list have it too.
        "anthropic" => 10,
        "vertex" when maker == "anthropic" => 10,
        _ when Text(fee, "web_search_billing_unit") == "per_query" && Amount(Child(fee, "search_context_cost_per_query"), "search_context_size_medium") is { } perQuery => Rounded(perQuery * 1000),
        _ => null,
    };

    private static decimal? Amount(JsonElement of, string name) => Child(of, name) is { ValueKind: JsonValueKind.Number } value && value.GetDecimal() is > 0 and var amount ? amount : null;

    private static decimal Rounded(decimal amount) => decimal.Round(amount, 9) / 1.000000000000m;
}
