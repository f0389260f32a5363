using Sommelier.Catalog;
using Sommelier.Configuration;
using Sommelier.Evals.Scheduling;

namespace Sommelier.Tests.Evals.Scheduling;

/// <summary>Which models are run on suites by themselves, and at whom.</summary>
public sealed class ListedModelsTests
{
    private static readonly DateOnly Today = new(2026, 11, 27);
    private static readonly NewModelsConfig All = new() { Suites = ["s"], MaxUsdPerDay = 1 };

    [Fact]
    public void What_cannot_be_called_or_chosen_is_not_listed()
    {
        var catalog = CatalogSnapshot.Create(
        [
            At("one", "fine"),
            At("two", "fine"),
            At("one", "vectors") with { Kind = ModelKind.Embedding },
            At("one", "announced") with { Lifecycle = new() { Status = ModelStatus.Announced } },
            At("one", "gone") with { Lifecycle = new() { RetiresOn = Today } },
            At("one", "old") with { Lifecycle = new() { DeprecatedOn = Today } },
            At("one", "latest") with { NamedOnly = NamedOnly.MovingName },
            At("one", "invented") with { Simulated = true },
        ]);

        Assert.Equal(["fine"], ListedModels.Of(catalog, Today).Keys);
        Assert.Equal(["announced", "fine"], ListedModels.Of(catalog.With(catalog.Deployments.Select(static one => one.Model is "announced" ? one with { Lifecycle = Lifecycle.Unknown } : one)), Today).Keys.Order());
    }

    [Fact]
    public void A_model_is_asked_at_its_maker_else_where_it_costs_least()
    {
        Deployment[] deployments = [At("cheap", "m") with { Price = Price(1), Maker = "maker" }, At("dear", "m") with { Price = Price(9), Maker = "maker" }, At("unknown", "m") with { Maker = "maker" }];

        Assert.Equal("cheap/m", ListedModels.Choose(deployments, All)!.Id);
        Assert.Equal("maker/m", ListedModels.Choose([.. deployments, At("maker", "m") with { Price = Price(20), Maker = "maker" }], All)!.Id);
        Assert.Equal("dear/m", ListedModels.Choose(deployments, All with { Providers = ["dear", "unknown"] })!.Id);
    }

    [Theory]
    [InlineData("gpt-*", true)]
    [InlineData("GPT-9", true)]
    [InlineData("lab/gpt*", true)]
    [InlineData("gpt", false)]
    [InlineData("other/*", false)]
    public void Patterns_are_of_models_or_deployments(string pattern, bool counts) =>
        Assert.Equal(counts, ListedModels.Choose([At("lab", "gpt-9")], All with { Models = [pattern] }) is not null);

    private static Deployment At(string provider, string model) => new() { Id = $"{provider}/{model}", Provider = provider, Model = model, CanonicalModel = model };

    private static Price Price(decimal usd) => new() { InputUsdPerMillion = usd, OutputUsdPerMillion = usd, Source = "s", SourceDate = Today };
}
