using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

/// <summary>Requests for one model are spread over its level deployments as the policy says, and the chances that are told are true.</summary>
public sealed class BalanceTests
{
    private const int Rounds = 20_000;
    private const string Catalog = "\n\na/opus price=3/15 q=0.9x2000 p50=900\nb/opus price=3/15 q=0.9x2000 p50=300\nc/opus price=3/15 q=0.9x2000 p50=500\nd/opus price=4/20 q=0.9x2000\ne/other price=3/15 q=0.9x2000 p50=100\n";

    [Theory]
    [InlineData("opus")]
    [InlineData("auto")]
    public void Weighted_gives_every_level_deployment_its_share(string model)
    {
        var query = Weighing(Query($"model {model}\npolicy.balance weighted\npolicy.only opus"), ("a/opus", 3), ("b/opus", 1), ("c/opus", 1));
        var firsts = Firsts(query);

        // Three standard errors of a share of a half are 0.011. The dearer one is not level.
        Assert.Equal(3, firsts.Count);
        Assert.All([("a/opus", 0.6), ("b/opus", 0.2), ("c/opus", 0.2)], one =>
        {
            Assert.Equal(one.Item2, firsts[one.Item1].Share, 0.011);
            Assert.Equal(one.Item2, firsts[one.Item1].Propensity, 1e-9);
        });
    }

    [Fact]
    public void Without_a_word_the_faster_one_is_first()
    {
        Assert.Equal("b/opus", Assert.Single(Firsts(Query("model opus"))).Key);
    }

    [Fact]
    public void Least_loaded_takes_the_fewest_calls_for_the_weight()
    {
        var query = Weighing(Query("model opus\npolicy.balance least_loaded"), ("a/opus", 4));
        query = query with { Live = query.Live.WithRunning([new("a/opus", 6), new("b/opus", 2), new("c/opus", 3), new("e/other", 0)]) };
        Assert.Equal(["a/opus"], Firsts(query).Keys);
        query = query with { Live = query.Live.WithRunning([new("a/opus", 12)]) };
        Assert.Equal(["b/opus"], Firsts(query).Keys);
        query = query with { Live = query.Live.WithRunning([new("c/opus", 2)]) };
        Assert.All(Firsts(query), first => Assert.Equal(0.5, first.Value.Propensity, 1e-9));
    }

    [Fact]
    public void A_conversation_stays_where_it_is()
    {
        var query = Query("model opus\npolicy.balance weighted\nprior a/opus 60 800");
        Assert.Equal(["a/opus"], Firsts(query).Keys);
        Assert.Equal(RouteReason.StickySession, ModelRouter.Decide(query).Reason);
    }

    [Fact]
    public void What_exploration_and_balance_draw_together_sums_to_one()
    {
        var query = Query("model auto\npolicy.balance weighted\npolicy.explore 0.3");
        foreach (var (id, (share, propensity)) in Firsts(query))
        {
            Assert.True(Math.Abs(share - propensity) < 0.015, $"{id}: told {propensity}, was {share}");
        }

        Assert.Equal(1, ModelRouter.Decide(query).Drawn.Sum(one => one.Chance), 1e-9);
    }

    [Fact]
    public void A_record_decides_the_same_again()
    {
        var query = Query("model opus\npolicy.balance least_loaded");
        query = query with { Live = query.Live.WithRunning([new("a/opus", 1), new("b/opus", 7)]) };
        var decision = ModelRouter.Decide(query);
        var read = RouteRecord.Read(RouteRecord.Write(decision), query.Catalog);
        var again = ModelRouter.Decide(read.Query);

        Assert.Equal(decision.Id, again.Id);
        Assert.Equal("c/opus", again.Plan[0].Deployment.Id);
        Assert.NotEqual(decision.Id, ModelRouter.Decide(query with { Live = query.Live.WithRunning([new("a/opus", 2)]) }).Id);
    }

    private static RouteQuery Query(string request) => RouteCase.Parse(request + Catalog).Query;

    private static RouteQuery Weighing(RouteQuery query, params (string Id, double Weight)[] weights) => query with
    {
        Catalog = CatalogSnapshot.Create(query.Catalog.Deployments.Select(deployment =>
            Array.Find(weights, one => one.Id == deployment.Id) is { Id: not null } one ? deployment with { Weight = one.Weight } : deployment)),
    };

    private static Dictionary<string, (double Share, double Propensity)> Firsts(RouteQuery query) => Enumerable.Range(0, Rounds)
        .Select(seed => ModelRouter.Decide(query with { Seed = seed }))
        .GroupBy(decision => decision.Plan[0].Deployment.Id, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => (group.Count() / (double)Rounds, group.First().Propensity), StringComparer.Ordinal);
}
