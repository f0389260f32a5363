using Sommelier.Catalog;

namespace Sommelier.Tests.Catalog;

public sealed class BundledCatalogTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    [Theory]
    [InlineData("anthropic")]
    [InlineData("openai")]
    [InlineData("gemini")]
    [InlineData("vertex")]
    [InlineData("xai")]
    [InlineData("deepseek")]
    [InlineData("qwen")]
    [InlineData("zhipu")]
    [InlineData("moonshot")]
    [InlineData("stepfun")]
    [InlineData("doubao")]
    [InlineData("mistral")]
    [InlineData("meta")]
    [InlineData("llama")]
    [InlineData("cerebras")]
    [InlineData("openrouter")]
    [InlineData("cloudflare")]
    [InlineData("groq")]
    [InlineData("nvidia")]
    [InlineData("together")]
    [InlineData("bedrock")]
    [InlineData("azure")]
    [InlineData("perplexity")]
    [InlineData("ollama-cloud")]
    [InlineData("lmstudio")]
    public void Knows_chat_models_of_every_provider(string provider)
    {
        var facts = BundledCatalog.Provider(provider);
        Assert.Contains(facts.Deployments, d => d.Kind == ModelKind.Chat && d.Lifecycle.At(Today) != ModelStatus.Retired);
        Assert.All(facts.Deployments, d => Assert.Equal($"{provider}/{d.Model}", d.Id));
    }

    [Fact]
    public void Says_nothing_of_a_provider_it_does_not_know() => Assert.Same(ProviderFacts.Nothing, BundledCatalog.Provider("nobody"));

    [Fact]
    public void Every_price_has_a_source_and_a_day()
    {
        var priced = BundledCatalog.Load().Deployments.Where(d => d.Price is not null).ToList();
        Assert.True(priced.Count > 1000, $"{priced.Count} prices");
        Assert.All(priced, d => Assert.True(d.Price!.Source.Length > 0 && d.Price.SourceDate > new DateOnly(2026, 1, 1) && d.Price.SourceDate <= Today, d.Id));
    }

    [Fact]
    public void Every_limit_has_a_source_with_a_day() =>
        Assert.All(BundledCatalog.Load().Deployments, d => Assert.All(d.Sources.DefaultIfEmpty(""), s => Assert.Matches(@"^\S+ \d{4}-\d\d-\d\d$", s)));

    [Fact]
    public void Every_lifecycle_fact_has_a_day_of_verification()
    {
        var catalog = BundledCatalog.Load();
        Assert.All(catalog.Deployments.Where(d => d.Lifecycle != Lifecycle.Unknown), d => Assert.True(d.Lifecycle.LastVerified is not null, d.Id));
        Assert.All(BundledCatalog.Providers.SelectMany(p => BundledCatalog.Provider(p).Tombstones), t => Assert.True(t.Lifecycle.LastVerified is not null, t.Model));
    }

    [Fact]
    public void Finds_one_model_at_all_its_hosts()
    {
        var providers = BundledCatalog.Load().OfModel("claude-opus-5-5").Select(d => d.Provider).Distinct().ToList();
        Assert.Superset(new HashSet<string> { "anthropic", "azure", "bedrock", "openrouter", "vertex" }, providers.ToHashSet());
    }

    [Theory]
    [InlineData("claude-opus-5-5", "anthropic/claude-opus-5-5")]
    [InlineData("deepseek-flash", "deepseek/deepseek-flash")]
    [InlineData("openrouter/anthropic/claude-opus-5.5", "openrouter/anthropic/claude-opus-5.5")]
    [InlineData("gpt-oss-120b", "groq/openai/gpt-oss-120b")]
    public void Resolves_what_callers_write(string name, string deployment) =>
        Assert.Contains(BundledCatalog.Load().Resolve(name), d => d.Id == deployment);

    [Theory]
    [InlineData("anthropic/claude-fable-5-2", 8, 40)]
    [InlineData("anthropic/claude-opus-5-5", 4, 20)]
    [InlineData("anthropic/claude-haiku-5-5", 0.1, 0.5)]
    [InlineData("openai/gpt-6.1-sol", 2, 10)]
    [InlineData("openai/gpt-6-luna", 0.1, 0.5)]
    [InlineData("gemini/gemini-4-argon", 2, 10)]
    [InlineData("xai/grok-4.7", 2, 6)]
    [InlineData("moonshot/kimi-k3.1-pro", 2, 10)]
    [InlineData("zhipu/glm-5.3", 1.4, 4.4)]
    [InlineData("deepseek/deepseek-flash", 0.3, 1.2)]
    public void Knows_the_prices_of_the_newest_models(string id, double input, double output)
    {
        var price = BundledCatalog.Load().Find(id)!.Price!;
        Assert.Equal((decimal)input, price.InputUsdPerMillion);
        Assert.Equal((decimal)output, price.OutputUsdPerMillion);
    }

    [Theory]
    [InlineData("openai/gpt-5", "priority", 2.5, 20)]
    [InlineData("openai/gpt-5", "flex", 0.625, 5)]
    [InlineData("openai/gpt-5.5", "priority", 12.5, 75)]
    [InlineData("openai/gpt-6-astra", "ultrafast", 60, 300)]
    [InlineData("anthropic/claude-opus-5-5", "fast", 8, 40)]
    public void Knows_the_prices_of_service_tiers(string id, string tier, double input, double output)
    {
        var price = BundledCatalog.Load().Find(id)!.Price!.Served(tier)!;
        Assert.Equal(((decimal)input, (decimal)output), (price.InputUsdPerMillion, price.OutputUsdPerMillion));
    }

    [Fact]
    public void A_service_tier_of_half_a_price_is_no_price() => Assert.Null(BundledCatalog.Load().Find("openai/gpt-5-nano")!.Price!.Served("priority"));

    [Fact]
    public void Knows_what_searches_cost_where_a_source_says_so()
    {
        var catalog = BundledCatalog.Load();
        Assert.Equal((10m, 1.1m), (catalog.Find("anthropic/claude-opus-5-5")!.Price!.WebSearchUsdPerThousand, catalog.Find("anthropic/claude-opus-5-5")!.Price!.GeoFactors["us"]));
        Assert.Equal(14m, catalog.Find("gemini/gemini-3.1-pro-preview")!.Price!.WebSearchUsdPerThousand);

        // Charged by the answer and not by the query.
        Assert.Null(catalog.Find("gemini/gemini-2.5-flash")!.Price!.WebSearchUsdPerThousand);
        Assert.Null(catalog.Find("openai/gpt-5.5")!.Price!.WebSearchUsdPerThousand);
    }

    [Fact]
    public void A_later_price_says_that_it_is_later()
    {
        var price = BundledCatalog.Load().Find("deepseek/deepseek-flash")!.Price!;
        Assert.Equal("pi-ai", price.Source);
        Assert.Equal(new DateOnly(2026, 11, 10), price.SourceDate);
    }

    [Fact]
    public void A_trial_or_subscription_is_not_free()
    {
        Assert.All(BundledCatalog.Provider("nvidia").Deployments, d => Assert.False(d.Price?.IsFree == true, d.Id));
        Assert.All(BundledCatalog.Provider("openrouter").Deployments, d => Assert.False(d.Price!.IsFree, d.Id));
        Assert.All(BundledCatalog.Provider("lmstudio").Deployments, d => Assert.True(d.Price!.IsFree, d.Id));
    }

    [Fact]
    public void Models_that_do_not_chat_are_marked()
    {
        var catalog = BundledCatalog.Load();
        Assert.Equal(ModelKind.Embedding, catalog.Find("openai/text-embedding-3-small")!.Kind);
        Assert.Equal(ModelKind.Other, catalog.Find("openai/gpt-image-2")!.Kind);
        Assert.Equal(ModelKind.Other, catalog.Find("groq/whisper-large-v3")!.Kind);
        Assert.All(catalog.Deployments.Where(d => d.Kind != ModelKind.Chat), d => Assert.Equal(Capabilities.None, d.Capabilities));
    }

    [Fact]
    public void Models_that_only_answer_on_another_endpoint_say_so() =>
        Assert.Equal("openai-responses", BundledCatalog.Load().Find("openai/gpt-5-pro")!.WireFormat);
}
