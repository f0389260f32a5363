using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Tests.Catalog;

public sealed class PriceCalculatorTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly Price Opus = new()
    {
        InputUsdPerMillion = 4, OutputUsdPerMillion = 20, CacheRead = 0.2m, CacheWrite5m = 5, CacheWrite1h = 8,
        Source = "test", SourceDate = new(2026, 11, 23),
    };

    private static readonly Price Flash = new()
    {
        InputUsdPerMillion = 0.3m, OutputUsdPerMillion = 2.5m, CacheRead = 0.03m, InputAudio = 1, OutputAudio = 12,
        Source = "test", SourceDate = new(2026, 11, 23),
    };

    [Fact]
    public void Plain_input_and_output() =>
        // 1,000 x 4 + 500 x 20 = 14,000 per million.
        Assert.Equal(0.014m, PriceCalculator.Cost(Opus, new() { InputTokens = 1_000, OutputTokens = 500 }, Noon));

    [Fact]
    public void Cached_input_is_taken_out_of_the_input()
    {
        // 10,000 in all: 6,000 read x 0.2 = 1,200; 3,000 written, of which 1,000 for an hour: 2,000 x 5 + 1,000 x 8 = 18,000;
        // the other 1,000 x 4 = 4,000; 100 out x 20 = 2,000. Together 25,200 per million.
        var usage = new Usage
        {
            InputTokens = 10_000, CacheReadInputTokens = 6_000, CacheCreationInputTokens = 3_000, CacheCreation1hInputTokens = 1_000, OutputTokens = 100,
        };
        Assert.Equal(0.0252m, PriceCalculator.Cost(Opus, usage, Noon));
    }

    [Fact]
    public void Without_a_cache_price_cached_tokens_cost_what_input_costs()
    {
        var price = Opus with { CacheRead = null, CacheWrite5m = null, CacheWrite1h = null };
        var usage = new Usage { InputTokens = 1_000, CacheReadInputTokens = 400, CacheCreationInputTokens = 300, CacheCreation1hInputTokens = 300 };
        Assert.Equal(0.004m, PriceCalculator.Cost(price, usage, Noon));
    }

    [Fact]
    public void An_hour_without_its_own_price_costs_what_five_minutes_cost() =>
        Assert.Equal(0.005m, PriceCalculator.Cost(
            Opus with { CacheWrite1h = null },
            new() { InputTokens = 1_000, CacheCreationInputTokens = 1_000, CacheCreation1hInputTokens = 1_000 },
            Noon));

    [Fact]
    public void Reasoning_is_part_of_the_output_and_may_have_its_own_price()
    {
        var usage = new Usage { OutputTokens = 1_000, ReasoningOutputTokens = 600 };
        Assert.Equal(0.020m, PriceCalculator.Cost(Opus, usage, Noon));
        // 400 x 20 + 600 x 30 = 26,000.
        Assert.Equal(0.026m, PriceCalculator.Cost(Opus with { Reasoning = 30 }, usage, Noon));
    }

    [Theory]
    [InlineData(272_000, 0.544)]
    [InlineData(272_001, 1.088004)]
    [InlineData(600_000, 3.6)]
    public void A_tier_prices_the_whole_request_once_its_input_is_above_the_limit(long input, double cost)
    {
        var price = Opus with
        {
            InputUsdPerMillion = 2,
            Tiers = [new() { AboveInputTokens = 500_000, InputUsdPerMillion = 6 }, new() { AboveInputTokens = 272_000, InputUsdPerMillion = 4 }],
        };
        Assert.Equal((decimal)cost, PriceCalculator.Cost(price, new() { InputTokens = input }, Noon));
    }

    [Fact]
    public void A_tier_replaces_only_what_it_names()
    {
        var price = Opus with { Tiers = [new() { AboveInputTokens = 100, OutputUsdPerMillion = 40 }] };
        // 1,000 x 4 + 1,000 x 40; the cache price is still the base's: 1,000 of another call x 0.2.
        Assert.Equal(0.044m, PriceCalculator.Cost(price, new() { InputTokens = 1_000, OutputTokens = 1_000 }, Noon));
        Assert.Equal(0.0002m, PriceCalculator.Cost(price, new() { InputTokens = 1_000, CacheReadInputTokens = 1_000 }, Noon));
    }

    [Fact]
    public void A_tier_that_raises_output_raises_reasoning_with_it()
    {
        var price = Opus with { Reasoning = 20, Tiers = [new() { AboveInputTokens = 100, OutputUsdPerMillion = 40 }] };
        Assert.Equal(0.04m + 0.0008m, PriceCalculator.Cost(price, new() { InputTokens = 200, OutputTokens = 1_000, ReasoningOutputTokens = 1_000 }, Noon));
    }

    [Theory]
    [InlineData("2026-11-23T22:59:59Z", 0.004)]
    [InlineData("2026-11-23T23:00:00Z", 0.002)]
    [InlineData("2026-11-24T06:59:59Z", 0.002)]
    [InlineData("2026-11-24T07:00:00Z", 0.004)]
    [InlineData("2026-11-24T09:30:00+08:00", 0.002)]
    [InlineData("2026-08-01T23:30:00Z", 0.004)]
    public void Hours_may_be_cheaper_over_midnight_and_from_a_day_on(string at, double cost)
    {
        var price = Opus with
        {
            TimesOfDay = [new() { FromUtc = new(23, 0), ToUtc = new(7, 0), Factor = 0.5m, ValidFrom = new(2026, 8, 16, 16, 0, 0, TimeSpan.Zero) }],
        };
        Assert.Equal((decimal)cost, PriceCalculator.Cost(price, new() { InputTokens = 1_000 }, DateTimeOffset.Parse(at)));
    }

    private static readonly Price Served = Opus with
    {
        Tiers = [new() { AboveInputTokens = 200_000, InputUsdPerMillion = 8, OutputUsdPerMillion = 30 }],
        ServiceTiers =
        [
            new() { Name = "fast", InputUsdPerMillion = 8, OutputUsdPerMillion = 60, Source = "test" },
            new() { Name = "flex", InputUsdPerMillion = 2, OutputUsdPerMillion = 10, Source = "test" },
        ],
        GeoFactors = new Dictionary<string, decimal> { ["us"] = 1.1m },
        WebSearchUsdPerThousand = 10,
    };

    [Theory]
    // 1,000 in x 4, 500 out x 20.
    [InlineData(null, null, 0, 0.014)]
    [InlineData("fast", null, 0, 0.008 + 0.030)]
    [InlineData("flex", null, 0, 0.002 + 0.005)]
    [InlineData("scale", null, 0, 0.014)]
    [InlineData(null, "us", 0, 0.0154)]
    [InlineData("fast", "us", 0, 0.0418)]
    [InlineData(null, null, 7, 0.084)]
    [InlineData("flex", "eu", 1, 0.017)]
    public void How_a_call_was_served_has_its_price(string? tier, string? geo, int searches, double cost) => Assert.Equal(
        (decimal)cost,
        PriceCalculator.Cost(Served, new() { InputTokens = 1_000, OutputTokens = 500, ServiceTier = tier, InferenceGeo = geo, WebSearches = searches }, Noon));

    [Fact]
    public void Cache_and_large_requests_keep_their_ratio_in_a_service_tier()
    {
        var usage = new Usage { InputTokens = 300_000, CacheReadInputTokens = 100_000, OutputTokens = 1_000 };
        var usual = (200_000 * 8m) + (100_000 * 0.2m);
        Assert.Equal((usual + (1_000 * 30m)) / 1e6m, PriceCalculator.Cost(Served, usage, Noon));
        Assert.Equal(((usual * 2) + (1_000 * 90m)) / 1e6m, PriceCalculator.Cost(Served, usage with { ServiceTier = "fast" }, Noon));
    }

    [Fact]
    public void An_estimate_is_not_cheaper_for_a_tier_that_was_only_asked_for()
    {
        var usage = new Usage { InputTokens = 1_000, OutputTokens = 500, Estimated = true };
        Assert.Equal(0.014m, PriceCalculator.Cost(Served, usage with { ServiceTier = "flex" }, Noon));
        Assert.Equal(0.038m, PriceCalculator.Cost(Served, usage with { ServiceTier = "fast" }, Noon));
    }

    [Theory]
    [InlineData(null, null, 8_000, 20_000)]
    [InlineData("fast", null, 16_000, 60_000)]
    [InlineData("flex", null, 8_000, 20_000)]
    // Nobody knows its price: the dearest known one is held.
    [InlineData("scale", null, 16_000, 60_000)]
    [InlineData(null, "us", 8_800, 22_000)]
    [InlineData(null, "eu", 8_800, 22_000)]
    [InlineData("fast", "us", 17_600, 66_000)]
    public void What_is_held_covers_the_tier_and_the_place_that_are_asked_for(string? tier, string? geo, double input, double output) =>
        Assert.Equal(new PriceCeiling((decimal)input, (decimal)output, 10_000_000), PriceCeiling.Of(Served, 1_000, sound: false, tier, geo));

    [Theory]
    [InlineData("priority", 3_000, 12_000)]
    [InlineData("scale", 3_000, 12_000)]
    [InlineData(null, 500, 0)]
    public void What_is_held_covers_a_tier_of_what_is_free_as_usual(string? tier, double input, double output)
    {
        var price = new Price
        {
            InputUsdPerMillion = 0,
            CacheWrite5m = 0.5m,
            OutputUsdPerMillion = 0,
            ServiceTiers = [new() { Name = "priority", InputUsdPerMillion = 3, OutputUsdPerMillion = 12, Source = "test" }],
            Source = "test",
            SourceDate = new(2026, 8, 22),
        };
        var held = PriceCeiling.Of(price, 1_000, sound: false, tier);

        Assert.Equal(((decimal)input, (decimal)output), (held.InputNanoUsdPerToken, held.OutputNanoUsdPerToken));
        var cost = PriceCalculator.Cost(price, new() { InputTokens = 1_000, CacheCreationInputTokens = 1_000, OutputTokens = 100, ServiceTier = tier }, Noon);
        Assert.True(cost * 1_000_000_000 <= (1_000 * held.InputNanoUsdPerToken) + (100 * held.OutputNanoUsdPerToken));
    }

    [Fact]
    public void What_has_no_price_of_its_own_is_said()
    {
        var usage = new Usage { InputTokens = 1, ServiceTier = "scale", InferenceGeo = "eu", WebSearches = 2 };
        Assert.Equal(["unpriced:service_tier", "unpriced:inference_geo"], Codes(Served, usage));
        Assert.Equal(["unpriced:service_tier", "unpriced:inference_geo", "unpriced:web_search"], Codes(Opus, usage));
        Assert.Empty(Codes(Served, new() { InputTokens = 1, ServiceTier = "fast", InferenceGeo = "us", WebSearches = 2 }));
        Assert.Equal(["unpriced:web_search"], Codes(Opus, usage with { Estimated = true }));
        Assert.Empty(Codes(null, usage));

        static IEnumerable<string> Codes(Price? price, Usage usage) => UnpricedUse.Of(price, usage).Select(static warning => $"{warning.Code}:{warning.Field}");
    }

    [Fact]
    public void Rounds_once_half_away_from_zero()
    {
        // One token at 0.0005 USD per million is half a nano-USD; two of its kind are one, not two.
        var price = Opus with { InputUsdPerMillion = 0.0005m, OutputUsdPerMillion = 0.0005m };
        Assert.Equal(0.000000001m, PriceCalculator.Cost(price, new() { InputTokens = 1 }, Noon));
        Assert.Equal(0.000000001m, PriceCalculator.Cost(price, new() { InputTokens = 1, OutputTokens = 1 }, Noon));
    }

    [Fact]
    public void Parts_larger_than_their_whole_are_held_to_it()
    {
        var usage = new Usage { InputTokens = 1_000, CacheReadInputTokens = 5_000, CacheCreationInputTokens = 5_000, OutputTokens = 10, ReasoningOutputTokens = 99 };
        Assert.Equal(0.0002m + 0.0002m, PriceCalculator.Cost(Opus, usage, Noon));
        Assert.Equal(0m, PriceCalculator.Cost(Opus, new() { InputTokens = -5, OutputTokens = -5 }, Noon));
    }

    // 0.30 in and 0.03 from a cache, audio 1.00: Google asks 0.10 for audio from a cache.
    [Theory]
    [InlineData(1_000_000, 0, 1_000_000, 0, 1.00)]
    [InlineData(1_000_000, 0, 400_000, 0, 0.58)]
    [InlineData(1_000_000, 500_000, 400_000, 300_000, 0.256)]
    [InlineData(1_000_000, 500_000, 400_000, 0, 0.445)]
    [InlineData(1_000_000, 800_000, 400_000, 0, 0.238)]
    [InlineData(1_000_000, 1_000_000, 1_000_000, 1_000_000, 0.10)]
    [InlineData(1_000, 0, 9_000_000, 0, 0.001)]
    [InlineData(1_000, 0, 500, 9_000, 0.00065)]
    public void Audio_input_has_its_own_price_from_a_cache_and_beside_it(long input, long read, long audio, long cachedAudio, double cost) =>
        Assert.Equal((decimal)cost, PriceCalculator.Cost(
            Flash, new() { InputTokens = input, CacheReadInputTokens = read, InputAudioTokens = audio, CacheReadInputAudioTokens = cachedAudio }, Noon));

    [Fact]
    public void Audio_output_has_its_own_price_and_is_no_reasoning()
    {
        // 500 x 2.5 + 300 of reasoning x 2.5 + 200 x 12 = 4,400; more audio than there is output beside reasoning is held to it.
        var usage = new Usage { OutputTokens = 1_000, ReasoningOutputTokens = 300, OutputAudioTokens = 200 };
        Assert.Equal(0.0044m, PriceCalculator.Cost(Flash, usage, Noon));
        Assert.Equal(0.00915m, PriceCalculator.Cost(Flash, usage with { OutputAudioTokens = 5_000 }, Noon));
    }

    [Fact]
    public void Audio_without_its_own_price_costs_what_all_else_costs() =>
        Assert.Equal(0.024m, PriceCalculator.Cost(Opus, new() { InputTokens = 1_000, InputAudioTokens = 1_000, OutputTokens = 1_000, OutputAudioTokens = 1_000 }, Noon));

    [Theory]
    [InlineData(0.5, 1.00)]
    [InlineData(2, 2.00)]
    public void Audio_never_costs_less_than_the_input_of_a_tier(double tier, double cost)
    {
        var price = Flash with { Tiers = [new() { AboveInputTokens = 200_000, InputUsdPerMillion = (decimal)tier }] };
        Assert.Equal((decimal)cost, PriceCalculator.Cost(price, new() { InputTokens = 1_000_000, InputAudioTokens = 1_000_000 }, Noon));
    }

    [Fact]
    public void What_is_held_for_a_request_covers_its_audio()
    {
        Assert.Equal(300m, PriceCeiling.Of(Flash, 1_000, sound: false).InputNanoUsdPerToken);
        Assert.Equal(1_000m, PriceCeiling.Of(Flash, 1_000, sound: true).InputNanoUsdPerToken);
        Assert.Equal(12_000m, PriceCeiling.Of(Flash, 1_000, sound: false).OutputNanoUsdPerToken);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0000000004, 0)]
    [InlineData(0.0000000005, 1)]
    [InlineData(1.5, 1_500_000_000)]
    public void Nano_usd_is_a_whole_number(double usd, long nano)
    {
        Assert.Equal(nano, NanoUsd.FromUsd((decimal)usd));
        Assert.Equal(nano, ((decimal)usd).ToNanoUsd());
        Assert.Equal(nano, NanoUsd.ToUsd(nano).ToNanoUsd());
    }

    [Fact]
    public void Too_much_money_is_an_error_and_not_a_negative_sum() => Assert.Throws<OverflowException>(() => NanoUsd.FromUsd(10_000_000_000m));
}
