using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

/// <summary>The strategy <c>fastest</c> finds out about models whose speed nobody knows, and stops when it knows.</summary>
public sealed class SpeedTrialTests
{
    private const int Requests = 4_000;

    private static readonly string[] Unknown = ["b/unknown", "c/unknown"];

    [Fact]
    public void Every_unknown_one_gets_its_part_of_the_share_and_says_the_chance()
    {
        var decisions = Decide("needs stream");

        var tried = decisions.Where(decision => decision.Reason == RouteReason.Explore).ToList();
        Assert.InRange(tried.Count, Requests * 0.04, Requests * 0.06);
        Assert.All(Unknown, name => Assert.InRange(tried.Count(decision => First(decision) == name), Requests * 0.015, Requests * 0.035));
        Assert.All(tried, decision => Assert.Equal(("a/known", 0.025), (decision.Plan[1].Deployment.Id, decision.Propensity)));
        Assert.All(decisions.Except(tried), decision => Assert.Equal((RouteReason.Fastest, "a/known", 0.95), (decision.Reason, First(decision), decision.Propensity)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("needs stream, tool_loop")]
    [InlineData("needs stream\npolicy.try_unmeasured 0")]
    [InlineData("needs stream\npolicy.strategy cheapest")]
    [InlineData("needs stream\npolicy.data confidential\npolicy.uncleared_data confidential")]
    public void Nothing_is_tried(string request) =>
        Assert.All(Decide(request), decision => Assert.Equal(1, decision.Propensity));

    [Fact]
    public void A_pool_of_which_one_is_known_is_known_whole_in_the_end()
    {
        var speeds = new Dictionary<string, string>(StringComparer.Ordinal) { ["a/known"] = " p50=500 p95=600 speed=100" };
        var asked = 0;
        var query = Query("needs stream", speeds);
        for (; asked < Requests && speeds.Count < 3; asked++)
        {
            var first = First(ModelRouter.Decide(query with { Seed = asked }));
            if (speeds.TryAdd(first, first == "c/unknown" ? " p50=100 p95=200 speed=100" : " p50=2000 p95=3000 speed=100"))
            {
                query = Query("needs stream", speeds);
            }
        }

        Assert.InRange(asked, 2, 400);
        Assert.All(Enumerable.Range(0, 100), seed =>
        {
            var decision = ModelRouter.Decide(query with { Seed = seed });
            Assert.Equal((RouteReason.Fastest, "c/unknown", 1), (decision.Reason, First(decision), decision.Propensity));
        });
    }

    private static List<RouteDecision> Decide(string request)
    {
        var query = Query(request, new() { ["a/known"] = " p50=500 p95=600 speed=100" });
        return [.. Enumerable.Range(0, Requests).Select(seed => ModelRouter.Decide(query with { Seed = seed }))];
    }

    private static RouteQuery Query(string request, Dictionary<string, string> speeds)
    {
        string Speed(string name) => speeds.GetValueOrDefault(name, "");
        return RouteCase.Parse($"""
            policy fast
            {(request.Length > 0 ? request : "tokens 1000 500")}

            a/known price=3/15 q=0.90x2000{Speed("a/known")}
            b/unknown price=2/8 q=0.89x2000{Speed("b/unknown")}
            c/unknown price=4/16 q=0.89x2000{Speed("c/unknown")}
            d/weak price=0.1/0.4 q=0.60x2000
            """).Query;
    }

    private static string First(RouteDecision decision) => decision.Plan[0].Deployment.Id;
}
