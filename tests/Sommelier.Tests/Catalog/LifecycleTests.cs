using Sommelier.Catalog;

namespace Sommelier.Tests.Catalog;

public sealed class LifecycleTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly CatalogSnapshot Catalog = BundledCatalog.Load();

    [Theory]
    [InlineData("anthropic/claude-sonnet-4-5", "2026-11-30")]
    [InlineData("openai/gpt-5", "2026-12-11")]
    [InlineData("openai/gpt-5-mini", "2026-12-11")]
    [InlineData("openai/gpt-5-nano", "2026-12-11")]
    [InlineData("openai/gpt-5-pro", "2026-12-11")]
    [InlineData("openai/o3", "2026-12-11")]
    [InlineData("openai/o3-pro", "2026-12-11")]
    [InlineData("openai/gpt-4o", "2027-01-14")]
    [InlineData("openai/gpt-4o-mini", "2027-01-14")]
    [InlineData("openai/gpt-4.1", "2027-01-14")]
    [InlineData("openai/gpt-4.1-mini", "2027-01-14")]
    public void Ends_are_known_before_they_come(string id, string day)
    {
        var life = Catalog.Find(id)!.Lifecycle;
        var end = DateOnly.Parse(day);
        Assert.Equal(end, life.RetiresOn);
        Assert.Equal(ModelStatus.Deprecated, life.At(Today));
        Assert.Equal(ModelStatus.Deprecated, life.At(end.AddDays(-1)));
        Assert.Equal(ModelStatus.Retired, life.At(end));
        Assert.NotEmpty(life.Successors);
        Assert.All(life.Successors, s => Assert.Contains(Catalog.OfModel(s), d => d.Lifecycle.At(Today) == ModelStatus.Active));
    }

    [Theory]
    [InlineData("openai/gpt-4", "2026-10-23")]
    [InlineData("openai/gpt-4-turbo", "2026-10-23")]
    [InlineData("openai/gpt-3.5-turbo", "2026-10-23")]
    [InlineData("openai/o1", "2026-10-23")]
    [InlineData("openai/o3-mini", "2026-10-23")]
    [InlineData("openai/o4-mini", "2026-10-23")]
    [InlineData("openai/gpt-4.1-nano", "2026-10-23")]
    [InlineData("groq/llama-3.3-70b-versatile", "2026-08-16")]
    public void Retired_models_are_retired_whatever_the_file_says(string id, string day)
    {
        var life = Catalog.Find(id)!.Lifecycle;
        Assert.Equal(DateOnly.Parse(day), life.RetiresOn);
        Assert.NotEqual(ModelStatus.Retired, life.Status);
        Assert.Equal(ModelStatus.Retired, life.At(Today));
        Assert.NotEmpty(life.Successors);
    }

    [Theory]
    [InlineData("deepseek/deepseek-chat", "2026-07-24")]
    [InlineData("deepseek/deepseek-reasoner", "2026-07-24")]
    [InlineData("xai/grok-4", "2026-05-15")]
    [InlineData("claude-3-opus-20240229", "2026-01-05")]
    [InlineData("claude-opus-4-1", "2026-08-05")]
    public void Models_that_left_the_lists_have_a_tombstone(string name, string day)
    {
        var gone = Catalog.FindTombstone(name);
        Assert.Equal(DateOnly.Parse(day), gone!.Lifecycle.RetiresOn);
        Assert.NotEmpty(gone.Lifecycle.Successors);
    }

    [Theory]
    [InlineData("anthropic/claude-opus-5-5")]
    [InlineData("openai/gpt-6.1-sol")]
    [InlineData("gemini/gemini-4-argon")]
    [InlineData("deepseek/deepseek-flash")]
    public void The_newest_models_are_active(string id) => Assert.Equal(ModelStatus.Active, Catalog.Find(id)!.Lifecycle.At(Today));

    [Fact]
    public void A_promise_not_to_retire_before_a_day_is_no_end()
    {
        var life = Catalog.Find("anthropic/claude-haiku-4-5")!.Lifecycle;
        Assert.Equal(new DateOnly(2026, 10, 15), life.EarliestRetiresOn);
        Assert.Null(life.RetiresOn);
        Assert.Equal(ModelStatus.Active, life.At(Today));
    }

    [Fact]
    public void A_successor_that_nobody_named_is_marked()
    {
        Assert.True(Catalog.Find("anthropic/claude-sonnet-4-5")!.Lifecycle.SuccessorsInferred);
        Assert.False(Catalog.Find("openai/gpt-5")!.Lifecycle.SuccessorsInferred);
    }

    [Fact]
    public void Deprecation_begins_on_its_day_and_a_retired_model_stays_retired()
    {
        var life = new Lifecycle { DeprecatedOn = new(2026, 6, 1) };
        Assert.Equal(ModelStatus.Active, life.At(new(2026, 5, 31)));
        Assert.Equal(ModelStatus.Deprecated, life.At(new(2026, 6, 1)));
        Assert.Equal(ModelStatus.Retired, new Lifecycle { Status = ModelStatus.Retired }.At(new(2020, 1, 1)));
        Assert.Equal(ModelStatus.Announced, new Lifecycle { Status = ModelStatus.Announced, DeprecatedOn = new(2026, 6, 1) }.At(Today));
    }

    [Fact]
    public void A_forwarder_loses_a_closed_model_with_its_maker()
    {
        Assert.Equal(new DateOnly(2026, 10, 23), Catalog.Find("openrouter/openai/gpt-4")!.Lifecycle.RetiresOn);
        Assert.Null(Catalog.Find("openrouter/deepseek/deepseek-chat")?.Lifecycle.RetiresOn);
    }
}
