using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Catalog;

/// <summary>A catalog that is written and read is the same one, to the version and to every decision.</summary>
public sealed class CatalogContentTests
{
    [Fact]
    public void The_bundled_catalog_comes_back_the_same()
    {
        var bundled = BundledCatalog.Load();

        var content = CatalogContent.Write(bundled);
        var read = CatalogContent.Read(content);

        Assert.Equal(bundled.Version, read.Version);
        Assert.Equal(bundled.Deployments.Select(Told), read.Deployments.Select(Told));
        Assert.Equal(bundled.Tombstones.Count(), read.Tombstones.Count());
        Assert.Equal(bundled.Aliases, read.Aliases);
        for (var i = 0; i < bundled.Deployments.Count; i++)
        {
            Assert.Equal(bundled.QualityTable.Row(bundled.Deployments[i]).ToArray(), read.QualityTable.Row(read.Deployments[i]).ToArray());
        }

        // Small enough to be kept for each change.
        Assert.InRange(content.Length, 10_000, 400_000);
    }

    [Fact]
    public void Every_field_of_a_deployment_comes_back()
    {
        var whole = new Deployment
        {
            Id = "p/m",
            Provider = "p",
            Model = "m",
            CanonicalModel = "c",
            Name = "Name",
            Family = "f",
            Maker = "k",
            Kind = ModelKind.Embedding,
            NamedOnly = NamedOnly.MovingName,
            WireFormat = "openai-chat",
            ContextWindow = 1,
            MaxInputTokens = 2,
            MaxOutputTokens = 3,
            Capabilities = Capabilities.Tools | Capabilities.Streaming,
            CapabilitiesGiven = true,
            Price = new()
            {
                InputUsdPerMillion = 0.15m,
                OutputUsdPerMillion = 1.5m,
                CacheRead = 0.01m,
                CacheWrite5m = 0.02m,
                CacheWrite1h = 0.03m,
                Reasoning = 2m,
                InputAudio = 3m,
                OutputAudio = 4m,
                Tiers = [new() { AboveInputTokens = 200_000, InputUsdPerMillion = 0.3m, OutputUsdPerMillion = 3m, CacheRead = 0.1m, CacheWrite5m = 0.2m, CacheWrite1h = 0.4m, Reasoning = 5m }],
                TimesOfDay = [new() { FromUtc = new(16, 30), ToUtc = new(0, 30), Factor = 0.5m, ValidFrom = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) }],
                ServiceTiers = [new() { Name = "priority", InputUsdPerMillion = 1, OutputUsdPerMillion = 2, Source = "s" }],
                GeoFactors = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["us"] = 1.1m },
                WebSearchUsdPerThousand = 10,
                ValidFrom = new(2026, 2, 3),
                Source = "page",
                SourceDate = new(2026, 11, 22),
            },
            Lifecycle = new() { Status = ModelStatus.Deprecated, DeprecatedOn = new(2026, 3, 4), RetiresOn = new(2027, 1, 1), EarliestRetiresOn = new(2026, 12, 1), Successors = ["c2"], SuccessorsInferred = true, Source = new("https://example.com/a"), LastVerified = new(2026, 11, 1) },
            Reasoning = new() { Efforts = ["low", "high"], Toggle = true, Budget = true, BudgetMin = 128, BudgetMax = 4_096 },
            Region = "eu",
            MaxDataClass = DataClass.Confidential,
            KnowledgeCutoff = "2026-01",
            ReleaseDate = new(2026, 5, 6),
            OpenWeights = true,
            Sources = ["one 2026-11-22"],
            Simulated = true,
            TypicalTimeToFirstChunkMs = 123.5,
            TypicalTokensPerSecond = 77.25,
            MaxConcurrency = 4,
            Weight = 2.5,
        };
        var catalog = CatalogSnapshot.Create(
            [whole],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["fast"] = "p/m" },
            tombstones: [new() { Provider = "p", Model = "old", Aliases = ["older"], Lifecycle = new() { Status = ModelStatus.Retired, Successors = ["c"] } }]);

        var read = CatalogContent.Read(CatalogContent.Write(catalog));

        // Whoever adds a property adds it above.
        Assert.All(typeof(Deployment).GetProperties(), property => Assert.NotEqual(property.GetValue(new Deployment { Id = "", Provider = "", Model = "", CanonicalModel = "" }), property.GetValue(whole)));
        Assert.Equal(Told(whole), Told(read.Deployments[0]));
        Assert.Equal(catalog.Version, read.Version);
        Assert.Equal("old", read.FindTombstone("older")!.Model);
    }

    [Fact]
    public void Decides_the_same()
    {
        var query = new RouteQuery
        {
            Model = "auto",
            Signals = new() { InputTokens = 1_000, ExpectedOutputTokens = 300, Intent = Intent.Coding, Abstained = false, Distribution = [0, 0, 0, 1, .. new float[14]] },
            Catalog = BundledCatalog.Load(),
            Live = new(new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), new Dictionary<string, DeploymentState>(StringComparer.Ordinal)),
            Policy = PolicySet.BuiltIn.Default,
        };
        var (before, after) = (ModelRouter.Decide(query), ModelRouter.Decide(query with { Catalog = CatalogContent.Read(CatalogContent.Write(query.Catalog)) }));

        Assert.Equal(before.Id, after.Id);
        Assert.Equal(before.Plan.Select(one => (one.Deployment.Id, one.QualityLow, one.CostUsd)), after.Plan.Select(one => (one.Deployment.Id, one.QualityLow, one.CostUsd)));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[0])]
    public void What_is_damaged_says_so(byte[] content) => Assert.Throws<InvalidDataException>(() => CatalogContent.Read(content));

    // Records compare lists by reference; the text does not.
    private static string Told(Deployment deployment) =>
        System.Text.Json.JsonSerializer.Serialize(deployment);
}
