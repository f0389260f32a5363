using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Statistics.Distributions;

namespace Sommelier.Tests.Catalog;

public sealed class QualityTableTests
{
    private static readonly string[] Flagships =
        ["claude-fable-5-2", "claude-opus-5-5", "gpt-6.1-sol", "gemini-4-argon", "grok-4.7", "glm-5.3", "kimi-k3.1-pro"];

    private static readonly string[] Small = ["claude-haiku-5-5", "gpt-6-luna", "deepseek-v4.1-flash"];

    public static TheoryData<Intent> AllIntents => [.. Enum.GetValues<Intent>()];

    [Theory]
    [MemberData(nameof(AllIntents))]
    public void Flagships_stand_above_small_models(Intent intent)
    {
        var table = BundledCatalog.Quality;
        foreach (var flagship in Flagships)
        {
            foreach (var small in Small)
            {
                Assert.True(
                    table.Get(flagship, intent).Mean > table.Get(small, intent).Mean && table.Get(flagship, intent).Low > table.Get(small, intent).Low,
                    $"{intent}: {flagship} {table.Get(flagship, intent)} is not above {small} {table.Get(small, intent)}");
            }
        }
    }

    [Theory]
    [InlineData(Intent.Conversation)]
    [InlineData(Intent.Rewriting)]
    [InlineData(Intent.Classification)]
    public void Within_the_gap_of_balanced_a_small_model_serves_easy_work(Intent intent)
    {
        var best = Flagships.Max(f => BundledCatalog.Quality.Get(f, intent).Low);
        Assert.Contains(Small, s => BundledCatalog.Quality.Get(s, intent).Low >= best - 0.07);
    }

    [Theory]
    [InlineData(Intent.Coding)]
    [InlineData(Intent.Math)]
    [InlineData(Intent.Reasoning)]
    [InlineData(Intent.ToolUse)]
    public void Within_the_gap_of_balanced_no_small_model_serves_hard_work(Intent intent)
    {
        var best = Flagships.Max(f => BundledCatalog.Quality.Get(f, intent).Low);
        Assert.DoesNotContain(Small, s => BundledCatalog.Quality.Get(s, intent).Low >= best - 0.07);
    }

    [Theory]
    [InlineData("claude-opus-5-5", "claude-opus-4-8")]
    [InlineData("claude-haiku-5-5", "claude-haiku-4-5")]
    [InlineData("gemini-4-argon", "gemini-3.1-pro-preview")]
    [InlineData("glm-5.3", "glm-5.2")]
    [InlineData("gpt-6-luna", "gpt-5.4-nano")]
    public void An_unmeasured_model_is_not_believed_to_be_worse_than_its_measured_forebear(string newer, string older)
    {
        var mean = (string model) => Enum.GetValues<Intent>().Average(t => BundledCatalog.Quality.Get(model, t).Mean);
        Assert.True(mean(newer) >= mean(older), $"{mean(newer):0.000} < {mean(older):0.000}");
    }

    [Fact]
    public void Measured_and_inherited_say_where_they_come_from()
    {
        var measured = BundledCatalog.Quality.Get("claude-opus-4-8", Intent.Coding);
        Assert.False(measured.Inherited);
        Assert.StartsWith("livebench 2026-01-08 n=5 tasks", measured.Evidence);

        var inherited = BundledCatalog.Quality.Get("claude-opus-5-5", Intent.Coding);
        Assert.True(inherited.Inherited);
        Assert.StartsWith("guess: family claude-opus, from claude-opus-", inherited.Evidence);
        Assert.True(inherited.Mass < measured.Mass);

        Assert.StartsWith("guess: maker ", BundledCatalog.Quality.Get("mistral-large-4", Intent.Coding).Evidence);
    }

    [Fact]
    public void What_nothing_checks_is_believed_for_two_answers()
    {
        var table = BundledCatalog.Quality;
        string[] uncheckable = ["maker never measured", "nothing known but that it exists"];

        var guesses = table.Models.Select(m => table.Get(m, Intent.Coding)).Where(e => uncheckable.Any(u => e.Evidence.EndsWith(u, StringComparison.Ordinal))).ToList();

        Assert.True(guesses.Count > 10);
        Assert.All(guesses, e => Assert.True(e.Inherited && e.Mass <= 2, e.Evidence));
    }

    [Fact]
    public void Every_estimate_is_a_probability_with_its_lower_bound_below_it()
    {
        foreach (var model in BundledCatalog.Quality.Models)
        {
            foreach (var intent in Enum.GetValues<Intent>())
            {
                var e = BundledCatalog.Quality.Get(model, intent);
                Assert.True(e.Low is > 0 and < 1 && e.Mean > e.Low && e.Mean < 1 && e.Mass is >= 2 and <= 40 && e.Evidence.Length > 0, $"{model} {intent} {e}");
            }
        }
    }

    [Fact]
    public void Stored_lower_bounds_are_the_ten_percent_quantiles_of_what_is_stored()
    {
        foreach (var intent in Enum.GetValues<Intent>())
        {
            var e = BundledCatalog.Quality.Get("gpt-5.5", intent);
            Assert.Equal(BetaDistribution.Quantile(0.1, e.Mean * e.Mass, (1 - e.Mean) * e.Mass), e.Low, 0.004);
        }
    }

    [Fact]
    public void Every_chat_deployment_of_the_catalog_has_a_row() => Assert.All(
        BundledCatalog.Load().Deployments.Where(d => d.Kind == ModelKind.Chat),
        d => Assert.NotEqual(QualityTable.Nothing, BundledCatalog.Quality.Get(d, Intent.Coding)));

    [Fact]
    public void The_narrowest_row_wins()
    {
        var deployment = new Deployment { Id = "p/m", Provider = "p", Model = "m", CanonicalModel = "m", Family = "f" };
        var table = QualityTable.Empty;
        Assert.Equal(QualityTable.Nothing, table.Get(deployment, Intent.Math));
        table = table.With("1", "family:f", Intent.Math, QualityEstimate.FromBeta(0.3, 10, "family", true));
        Assert.Equal("family", table.Get(deployment, Intent.Math).Evidence);
        table = table.With("2", "m", Intent.Math, QualityEstimate.FromBeta(0.4, 10, "model", true));
        Assert.Equal("model", table.Get(deployment, Intent.Math).Evidence);
        table = table.With("3", "p/m", Intent.Math, QualityEstimate.FromBeta(0.5, 10, "deployment", false));
        Assert.Equal("deployment", table.Get(deployment, Intent.Math).Evidence);
        Assert.Equal("3", table.Version);
    }

    [Fact]
    public void A_row_of_the_wrong_length_is_refused() =>
        Assert.Contains("'m'", Assert.Throws<ArgumentException>(() => new QualityTable("v", [new("m", [QualityTable.Nothing])])).Message);
}
