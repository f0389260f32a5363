using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

public sealed class RouteDecisionJsonTests
{
    private const string Case =
        """
        intent coding 0.9
        tokens 1000 500

        a/big price=3/15 q=0.90x2000 ttfc=400 tps=100
        b/small price=0.1/0.4 q=0.86x2000
        c/blocked price=1/1 q=0.9x10 cooldown=60
        """;

    [Fact]
    public void Answer_has_the_members_of_the_contract_in_its_order()
    {
        var decision = ModelRouter.Decide(RouteCase.Parse(Case).Query);

        var expected = $$$"""
            {"id":"{{{decision.Id}}}","model":"b/small","policy":"balanced","reason":"cheapest_good_enough",
            "intent":{"label":"coding","group":"code","confidence":0.9,"abstained":false},"difficulty":0,
            "tokens":{"input":1000,"expected_output":500},
            "candidates":[
            {"model":"b/small","rank":1,"quality":{"mean":0.86,"low":0.85,"evidence":"case"},"cost_usd":0.0003,"latency_ms":null},
            {"model":"a/big","rank":2,"quality":{"mean":0.9,"low":0.8913,"evidence":"case"},"cost_usd":0.0105,"latency_ms":5400},
            {"model":"c/blocked","dropped":{"constraint":"health","detail":"its provider asked for a pause or refused the key; tried again after 2026-11-22T12:01:00Z"}}],
            "catalog_version":"{{{decision.Query.Catalog.Version}}}","policy_version":"{{{Policies.Balanced.Version}}}","quality_version":"v0"}
            """.ReplaceLineEndings("");
        Assert.Equal(expected, Encoding.UTF8.GetString(RouteDecisionJson.Answer(decision)));
    }

    [Fact]
    public void Everything_in_a_query_survives_the_record()
    {
        var query = RouteCase.Parse(Case).Query with
        {
            Hints = new() { Policy = "p", MaxCostUsd = 1.50m, MaxLatencyMs = 9_000, MinQuality = 0.1, Data = DataClass.Public, Regions = [], Only = ["a", "b", "c"], Exclude = ["z"], Session = "다시", Tags = ["t"], Strict = false, Fallback = true },
            Policy = Policies.Fast with
            {
                Prefer = new Dictionary<Intent, IReadOnlyList<string>> { [Intent.Math] = ["b"], [Intent.Coding] = ["a"] },
                Order = ["c"],
                Weights = new(1, 2, 3),
                FreezeDate = new(2030, 1, 1),
                First = [CandidateGroup.Measured, CandidateGroup.Local],
                MinLifeDays = 30,
                Escalate = new() { OnRepeat = false, OnStall = 5 },
                Shadow = new() { To = "p1/m", Share = 0.25, MaxUsdPerDay = 3.5m },
                Profile = "ours",
                ProfileOnly = ["p0", "p1"],
                Sticky = new() { Enabled = false, Saving = 0.1 },
                Successor = true,
            },
            Prior = new("a/big", new(2026, 11, 22, 11, 0, 0, TimeSpan.Zero), 7),
            Seed = -5,
        };
        var bytes = RouteRecord.Write(ModelRouter.Decide(query));

        var read = RouteRecord.Read(bytes, query.Catalog).Query;

        Assert.Equal(query.Policy.Version, read.Policy.Version);
        Assert.Equal((query.Seed, query.Prior, query.At, query.Model), (read.Seed, read.Prior, read.At, read.Model));
        Assert.Equal("다시", read.Hints.Session);
        Assert.Equal(bytes, RouteRecord.Write(ModelRouter.Decide(read)));
    }

    [Fact]
    public void A_record_over_another_catalog_says_that_it_is_not_exact()
    {
        var bytes = RouteRecord.Write(ModelRouter.Decide(RouteCase.Parse(Case).Query));

        Assert.False(RouteRecord.Read(bytes, CatalogSnapshot.Empty).IsExact);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no")]
    [InlineData("""{"id":"x","catalog_version":"y","inputs":{"model":1}}""")]
    public void What_is_not_a_record_is_refused_as_such(string json) =>
        Assert.Throws<FormatException>(() => RouteRecord.Read(Encoding.UTF8.GetBytes(json), CatalogSnapshot.Empty));
}
