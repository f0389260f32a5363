using Sommelier.Catalog;
using Sommelier.Gateway.Cascades;
using Sommelier.Routing;
using Sommelier.Routing.Cascading;

namespace Sommelier.Tests.Routing.Cascading;

/// <summary>What a cascade may cost is bounded by the dearest that this request's calls can be.</summary>
public sealed class CascadePlanTests
{
    [Fact]
    public void The_bound_is_that_of_the_service_tier_and_the_place_that_are_asked_for()
    {
        var query = RouteCase.Parse("policy.order b/best\npolicy.cascade a/cheap\npolicy.cascade.max_extra_usd 1\nmax_tokens 1000\n\na/cheap price=1/2 q=0.70x2000\nb/best price=3/15 q=0.90x2000\n").Query;
        query = query with
        {
            Catalog = CatalogSnapshot.Create(query.Catalog.Deployments.Select(one => one with
            {
                Price = one.Price! with
                {
                    ServiceTiers = [new() { Name = "priority", InputUsdPerMillion = one.Price.InputUsdPerMillion * 2, OutputUsdPerMillion = one.Price.OutputUsdPerMillion * 2, Source = "test" }],
                    GeoFactors = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["us"] = 1.5m },
                },
            })),
        };

        var usual = ModelRouter.Decide(query).Cascade!.ExtraNanoUsd;

        Assert.True(usual > 0);
        Assert.Equal(usual * 2, ModelRouter.Decide(query with { Signals = query.Signals with { ServiceTier = "priority" } }).Cascade!.ExtraNanoUsd);
        Assert.Equal(usual * 3 / 2, ModelRouter.Decide(query with { Signals = query.Signals with { InferenceGeo = "us" } }).Cascade!.ExtraNanoUsd);
    }

    [Fact]
    public void Why_there_was_no_cascade_and_what_an_answer_failed_are_never_the_same_word() =>
        Assert.Empty(Enum.GetNames<CascadeDecline>().Intersect(Enum.GetNames<CascadeOutcome>(), StringComparer.Ordinal));
}
