using CsCheck;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

public sealed class TermsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_fast_path_of_cost_equals_the_calculator() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 100_000], Gen.Int[0, 50_000], Gen.Decimal[0, 100], Gen.Decimal[0, 300]).Sample((input, output, reasoning, inPrice, outPrice) =>
        {
            var price = new Price { InputUsdPerMillion = Math.Round(inPrice, 3), OutputUsdPerMillion = Math.Round(outPrice, 3), Source = "test", SourceDate = new(2026, 11, 22) };
            var deployment = Given(price) with { Capabilities = Capabilities.Reasoning };
            var context = Context(new() { InputTokens = input, ExpectedOutputTokens = output, ExpectedReasoningTokens = reasoning }, deployment, null);

            var exact = (double)PriceCalculator.Cost(price, new() { InputTokens = input, OutputTokens = output + reasoning, ReasoningOutputTokens = reasoning }, At);

            Assert.Equal(exact, Terms.Cost(context, 0, deployment), 2e-9);
        }, iter: 2_000);

    [Theory]
    [InlineData(60, 0.2)]
    [InlineData(301, 2.0)]
    public void Cached_prefix_is_cheaper_only_while_the_cache_lasts(int seconds, double usd)
    {
        var price = new Price { InputUsdPerMillion = 2, OutputUsdPerMillion = 0, CacheRead = 0.2m, Source = "test", SourceDate = new(2026, 11, 22) };
        var signals = new RequestSignals { InputTokens = 1_000_000, CacheableTokens = 1_000_000 };

        Assert.Equal(usd, Terms.Cost(Context(signals, Given(price), new("a/x", At.AddSeconds(-seconds), 1_000_000)), 0, Given(price)), 9);
    }

    [Theory]
    [InlineData(null, null, 0.014)]
    [InlineData("priority", null, 0.028)]
    [InlineData("priority", "us", 0.0308)]
    [InlineData(null, "us", 0.0154)]
    // A tier that is only asked for makes nothing cheaper, and one without a price nothing dearer.
    [InlineData("flex", null, 0.014)]
    [InlineData("scale", "eu", 0.014)]
    public void Expected_cost_and_its_ceiling_take_the_tier_and_the_place_that_are_asked_for(string? tier, string? geo, double usd)
    {
        var price = new Price
        {
            InputUsdPerMillion = 4, OutputUsdPerMillion = 20, Source = "test", SourceDate = new(2026, 11, 22),
            ServiceTiers =
            [
                new() { Name = "priority", InputUsdPerMillion = 8, OutputUsdPerMillion = 40, Source = "test" },
                new() { Name = "flex", InputUsdPerMillion = 2, OutputUsdPerMillion = 10, Source = "test" },
            ],
            GeoFactors = new Dictionary<string, decimal> { ["us"] = 1.1m },
        };
        var query = Context(new() { InputTokens = 1_000, ExpectedOutputTokens = 500, ServiceTier = tier, InferenceGeo = geo }, Given(price), null).Query;

        Assert.Equal(usd, Terms.Cost(new(query, named: false), 0, Given(price)), 12);
        Assert.Equal(usd <= 0.02, ModelRouter.Decide(query with { Hints = new() { MaxCostUsd = 0.02m } }).Error is null);
    }

    [Fact]
    public void A_decision_with_a_tier_is_another_one_and_is_read_back_with_it()
    {
        var query = Context(new() { InputTokens = 1_000, Distribution = new float[Intents.Count] }, Given(null), null).Query;
        var usual = ModelRouter.Decide(query).Id;
        foreach (var signals in new[] { query.Signals with { ServiceTier = "priority" }, query.Signals with { InferenceGeo = "us" } })
        {
            var decision = ModelRouter.Decide(query with { Signals = signals });
            var read = RouteRecord.Read(RouteRecord.Write(decision), query.Catalog).Query;

            Assert.NotEqual(usual, decision.Id);
            Assert.Equal((signals.ServiceTier, signals.InferenceGeo), (read.Signals.ServiceTier, read.Signals.InferenceGeo));
            Assert.Equal(decision.Id, ModelRouter.Decide(read).Id);
        }
    }

    [Fact]
    public void Unknown_first_chunk_is_unknown_latency_and_live_beats_usual()
    {
        var signals = new RequestSignals { ExpectedOutputTokens = 100 };
        var deployment = Given(null) with { TypicalTimeToFirstChunkMs = 400, TypicalTokensPerSecond = 100 };

        Assert.Equal(double.PositiveInfinity, Terms.Latency(signals, Given(null), DeploymentState.Unknown, default));
        Assert.Equal(1_400, Terms.Latency(signals, deployment, DeploymentState.Unknown, default));
        Assert.Equal(700, Terms.Latency(signals, deployment, new() { P50TimeToFirstChunkMs = 200, TokensPerSecond = 200 }, default));
    }

    [Theory]
    [InlineData(0, 8_000, 8_000)]
    [InlineData(5, 8_000, 8_000)]
    [InlineData(10, 4_000, 4_000)]
    [InlineData(20, 1_000, 1_400)] // Not below what is usual.
    [InlineData(600, 0, 1_400)]
    public void What_was_measured_long_ago_fades_to_what_is_usual(int minutes, double unknown, double usual)
    {
        var at = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        var signals = new RequestSignals { ExpectedOutputTokens = 100 };
        var state = new DeploymentState { P50TimeToFirstChunkMs = 7_500, TokensPerSecond = 200, MeasuredAt = at.AddMinutes(-minutes) };

        Assert.Equal(unknown, Terms.Latency(signals, Given(null), state, at), 0.001);
        Assert.Equal(usual, Terms.Latency(signals, Given(null) with { TypicalTimeToFirstChunkMs = 400, TypicalTokensPerSecond = 100 }, state, at));
    }

    [Fact]
    public void What_was_measured_quicker_than_usual_does_not_fade()
    {
        var state = new DeploymentState { P50TimeToFirstChunkMs = 100, TokensPerSecond = 200, MeasuredAt = DateTimeOffset.UnixEpoch };

        Assert.Equal(600, Terms.Latency(new() { ExpectedOutputTokens = 100 }, Given(null) with { TypicalTimeToFirstChunkMs = 400, TypicalTokensPerSecond = 100 }, state, DateTimeOffset.UnixEpoch.AddDays(1)));
    }

    [Theory]
    [InlineData(false, 0.9f, 0.9, 0.9, 0)]
    [InlineData(true, 0.9f, 0.95, 0.475, 0.475)] // The group is trusted: coding and data analysis share its 0.95.
    [InlineData(true, 0.3f, 0.4, 0.1278, 0.1278)] // It is not: half of it is shared, 0.4 / 2 / 2, and everything gets 0.5 / 18.
    public void Mixture_widens_with_doubt(bool abstained, float coding, double group, double expected, double expectedNeighbour)
    {
        var distribution = new float[Intents.Count];
        distribution[(int)Intent.Coding] = coding;
        distribution[(int)Intent.DataAnalysis] = (float)group - coding;
        distribution[(int)Intent.Advice] = 1 - (float)group;

        var weights = IntentMixture.Of(new() { Abstained = abstained, GroupConfidence = group, Distribution = distribution });

        Assert.Equal(1, weights.Sum(), 6);
        Assert.Equal(expected, weights[(int)Intent.Coding], 3);
        Assert.Equal(expectedNeighbour, weights[(int)Intent.DataAnalysis], 3);
    }

    [Fact]
    public void Without_a_distribution_every_intent_weighs_the_same() =>
        Assert.All(IntentMixture.Of(new()), w => Assert.Equal(1.0 / Intents.Count, w, 9));

    [Theory]
    [InlineData(0.80, 0.80, 0.5)]
    [InlineData(0.90, 0.80, 0.9216)] // Two spreads of 0.064 / 1.2816: 0.1 is 1.416 deviations of the difference.
    public void Probability_of_being_better_follows_the_spread(double a, double b, double expected)
    {
        var one = new Candidate { QualityMean = a, QualityLow = a - 0.064 };
        var two = new Candidate { QualityMean = b, QualityLow = b - 0.064 };

        Assert.Equal(expected, Stickiness.ProbabilityBetter(in one, in two), 3);
    }

    private static Deployment Given(Price? price) => new() { Id = "a/x", Provider = "a", Model = "x", CanonicalModel = "x", Price = price };

    private static RouteContext Context(RequestSignals signals, Deployment deployment, PriorChoice? prior) => new(
        new()
        {
            Model = "auto",
            Signals = signals,
            Catalog = CatalogSnapshot.Create([deployment]),
            Live = LiveState.Empty(At),
            Policy = Policies.Balanced,
            Prior = prior,
        },
        named: false);
}
