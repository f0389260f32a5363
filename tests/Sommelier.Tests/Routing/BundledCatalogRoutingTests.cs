using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

/// <summary>The built-in policies over the catalog that ships: properties that hold whatever models come and go.</summary>
public sealed class BundledCatalogRoutingTests
{
    private static readonly CatalogSnapshot Catalog = BundledCatalog.Load();
    private static readonly LiveState Live = LiveState.Empty(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public static TheoryData<Intent> AllIntents => [.. Enum.GetValues<Intent>()];

    [Theory]
    [MemberData(nameof(AllIntents))]
    public void More_frugal_policies_never_cost_more_and_more_demanding_ones_are_never_worse(Intent intent)
    {
        var frugal = First(Policies.Frugal, intent);
        var balanced = First(Policies.Balanced, intent);
        var premium = First(Policies.Premium, intent);

        // Costs within a twentieth of the least count as the same.
        Assert.True(frugal.CostUsd <= balanced.CostUsd * 1.05 && balanced.CostUsd <= premium.CostUsd * 1.05, $"{frugal.Deployment.Id} {balanced.Deployment.Id} {premium.Deployment.Id}");
        Assert.True(premium.QualityLow >= balanced.QualityLow - 0.07 && balanced.QualityLow >= frugal.QualityLow - 0.15);
    }

    [Theory]
    [MemberData(nameof(AllIntents))]
    public void Nothing_that_cannot_be_called_is_chosen(Intent intent)
    {
        foreach (var policy in Policies.BuiltIn)
        {
            var decision = Decide(policy, intent);

            Assert.All(decision.Ranked, c => Assert.True(c.Deployment.Kind == ModelKind.Chat && c.Deployment.Lifecycle.At(new(2026, 11, 22)) is ModelStatus.Active or ModelStatus.Deprecated or ModelStatus.Preview));
            Assert.True(double.IsFinite(decision.Ranked[0].CostUsd));
        }
    }

    [Theory]
    [MemberData(nameof(AllIntents))]
    public void What_no_board_measured_of_its_maker_does_not_come_first(Intent intent)
    {
        foreach (var policy in Policies.BuiltIn)
        {
            var first = Decide(policy, intent).Ranked[0];

            Assert.Equal(NamedOnly.No, first.Deployment.NamedOnly);
            Assert.DoesNotContain("never measured", first.Evidence, StringComparison.Ordinal);
        }
    }

    private static RankedCandidate First(Policy policy, Intent intent) => Decide(policy, intent).Ranked[0];

    private static RouteDecision Decide(Policy policy, Intent intent)
    {
        var distribution = new float[Intents.Count];
        Array.Fill(distribution, 0.1f / (Intents.Count - 1));
        distribution[(int)intent] = 0.9f;
        return ModelRouter.Decide(new()
        {
            Model = "auto",
            Signals = new()
            {
                Intent = intent,
                Group = intent.Group(),
                Confidence = 0.9,
                GroupConfidence = 0.92,
                Abstained = false,
                Distribution = distribution,
                InputTokens = 800,
                ExpectedOutputTokens = 400,
                Stream = true,
            },
            Catalog = Catalog,
            Live = Live,
            Policy = policy,
        });
    }
}
