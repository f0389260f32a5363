using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Tests.Catalog;

public sealed class CatalogSnapshotTests
{
    private static Deployment Make(string provider, string model, string canonical) =>
        new() { Id = $"{provider}/{model}", Provider = provider, Model = model, CanonicalModel = canonical, Family = "fam" };

    private static readonly Deployment A = Make("one", "m", "m");
    private static readonly Deployment B = Make("two", "maker/m", "m");
    private static readonly Deployment C = Make("two", "n", "n");

    [Fact]
    public void Looks_up_by_id_model_provider_and_alias()
    {
        var catalog = CatalogSnapshot.Create([C, B, A], new Dictionary<string, string> { ["best"] = "m", ["just-b"] = "two/maker/m", ["house"] = "auto/frugal" });
        Assert.Same(B, catalog.Find("two/maker/m"));
        Assert.Null(catalog.Find("m"));
        Assert.Equal([A, B], catalog.OfModel("m"));
        Assert.Equal([B, C], catalog.OfProvider("two"));
        Assert.Empty(catalog.OfProvider("three"));
        Assert.Equal([A, B], catalog.Resolve("best"));
        Assert.Equal([B], catalog.Resolve("just-b"));
        Assert.Equal([C], catalog.Resolve("n"));
        Assert.Empty(catalog.Resolve("house"));
        Assert.Empty(catalog.Resolve("x"));
    }

    [Fact]
    public void The_index_is_the_place_in_the_list_whatever_the_order_given()
    {
        var catalog = CatalogSnapshot.Create([C, A, B]);
        Assert.Equal(["one/m", "two/maker/m", "two/n"], catalog.Deployments.Select(d => d.Id));
        Assert.Equal([0, 1, 2], catalog.Deployments.Select(d => catalog.IndexOf(d.Id)));
        Assert.Equal(-1, catalog.IndexOf("m"));
    }

    [Fact]
    public void Two_deployments_of_one_id_are_refused() =>
        Assert.Contains("'one/m'", Assert.Throws<ArgumentException>(() => CatalogSnapshot.Create([A, A])).Message);

    [Fact]
    public void The_version_is_the_content()
    {
        var version = CatalogSnapshot.Create([A, B]).Version;
        Assert.Equal(version, CatalogSnapshot.Create([B, A]).Version);
        Assert.Equal(version, CatalogSnapshot.Create([B, A with { Sources = ["elsewhere"] }]).Version);
        Deployment[] changed =
        [
            A with { Region = "eu" }, A with { ContextWindow = 1 }, A with { Capabilities = Capabilities.Tools }, A with { WireFormat = "openai-responses" },
            A with { Lifecycle = new() { RetiresOn = new(2027, 1, 1) } }, A with { MaxDataClass = DataClass.Internal },
            A with { Price = Priced(1) }, A with { Price = Priced(2) }, A with { Reasoning = new() { Efforts = ["low"] } },
            A with { Price = Priced(1) with { TimesOfDay = [new() { FromUtc = new(1, 0), ToUtc = new(2, 0), Factor = 0.5m }] } },
        ];
        Assert.Equal(changed.Length + 1, changed.Select(c => CatalogSnapshot.Create([c, B]).Version).Append(version).Distinct().Count());
        Assert.NotEqual(version, CatalogSnapshot.Create([A, B], new Dictionary<string, string> { ["x"] = "m" }).Version);
        Assert.NotEqual(version, CatalogSnapshot.Create([A, B], quality: QualityTable.Empty.With("q2", "m", Intent.Math, QualityTable.Nothing)).Version);
        Assert.Equal(CatalogSnapshot.Create([A with { Price = Priced(1.0m) }]).Version, CatalogSnapshot.Create([A with { Price = Priced(1.000m) }]).Version);

        static Price Priced(decimal input) => new() { InputUsdPerMillion = input, OutputUsdPerMillion = 1, Source = "s", SourceDate = new(2026, 1, 1) };
    }

    [Fact]
    public void Quality_is_looked_up_by_index()
    {
        var table = QualityTable.Empty.With("q", "m", Intent.Math, QualityEstimate.FromBeta(0.8, 10, "e", false));
        var catalog = CatalogSnapshot.Create([A, C], quality: table);
        Assert.Equal(0.8, catalog.QualityOf(catalog.IndexOf("one/m"), Intent.Math).Mean);
        Assert.Equal(QualityTable.Nothing, catalog.QualityOf(catalog.IndexOf("two/n"), Intent.Math));
        Assert.Equal(Intents.Count, catalog.QualityOf(0).Length);
    }

    [Fact]
    public void A_model_is_what_its_deployments_say()
    {
        var catalog = CatalogSnapshot.Create([A with { Maker = "", ReleaseDate = new(2026, 5, 1) }, B with { Maker = "maker", ReleaseDate = new(2026, 4, 1), OpenWeights = true }]);
        Assert.Equal(new Model { Id = "m", Family = "fam", Maker = "maker", ReleaseDate = new(2026, 4, 1), OpenWeights = true }, catalog.FindModel("m"));
        Assert.Null(catalog.FindModel("z"));
    }

    [Fact]
    public void Overrides_by_with_leave_the_rest_alone()
    {
        var own = BundledCatalog.Provider("openai").Find("gpt-6.1-sol")!;
        var cheaper = own with { Price = own.Price! with { InputUsdPerMillion = 1, Source = "configuration" }, Region = "eu" };
        Assert.Equal(own.Price!.OutputUsdPerMillion, cheaper.Price!.OutputUsdPerMillion);
        Assert.Equal(own.Capabilities, cheaper.Capabilities);
    }

    [Fact]
    public void Live_state_answers_for_every_deployment()
    {
        var at = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        var live = new LiveState(at, [new("one/m", new() { ErrorRate = 0.5 })]);
        Assert.Equal(0.5, live.Get("one/m").ErrorRate);
        Assert.Same(DeploymentState.Unknown, live.Get("two/n"));
        Assert.Equal(at.AddHours(1), live.WithTime(at.AddHours(1)).At);
    }
}
