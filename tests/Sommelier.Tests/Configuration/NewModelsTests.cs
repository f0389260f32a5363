using Sommelier.Configuration;

namespace Sommelier.Tests.Configuration;

public sealed class NewModelsTests
{
    [Fact]
    public void Nothing_is_made_by_itself_unless_the_file_says_so() => Assert.Null(Given.ValidYaml("").NewModels);

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var least = Given.ValidYaml("evals: { new_models: { suites: [a.suite.yaml], max_usd_per_day: 1.5 } }").NewModels!;
        Assert.Equal(["a.suite.yaml"], least.Suites);
        Assert.Equal((1.5m, 30, 0.15, NewModelsPublish.Shadow), (least.MaxUsdPerDay, least.FirstLookCases, least.FirstLookGap, least.Publish));

        var all = Given.ValidYaml("evals: { new_models: { suites: [a.suite.yaml], max_usd_per_day: 1, providers: [openai], models: [gpt-*], first_look: { cases: 50, gap: 0.07 }, publish: live } }").NewModels!;
        Assert.Equal(["openai", "gpt-*"], all.Providers.Concat(all.Models));
        Assert.Equal((50, 0.07, NewModelsPublish.Live), (all.FirstLookCases, all.FirstLookGap, all.Publish));
    }

    [Theory]
    [InlineData("suites: [a.suite.yaml]", "max_usd_per_day")]
    [InlineData("suites: [a.yaml], max_usd_per_day: 1", "evals.new_models.suites[0]: it is no suite. Name a file that ends in .suite.yaml.")]
    [InlineData("suites: [], max_usd_per_day: 1", "evals.new_models.suites: no suite is named.")]
    [InlineData("suites: [a.suite.yaml, a.suite.yaml], max_usd_per_day: 1", "evals.new_models.suites[1]: it is named twice.")]
    [InlineData("suites: [a.suite.yaml], max_usd_per_day: 1, first_look: { cases: 5 }", "evals.new_models.first_look.cases")]
    [InlineData("suites: [a.suite.yaml], max_usd_per_day: 1, publish: now", "evals.new_models.publish")]
    public void A_mistake_is_named_with_its_place(string keys, string expected)
    {
        var (config, problems) = Given.Yaml($"evals: {{ new_models: {{ {keys} }} }}");

        Assert.Null(config);
        Assert.Contains(expected, Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }
}
