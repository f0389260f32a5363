using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

/// <summary>Splits and exploration: their shares are what was asked for, and the chances that they tell are true.</summary>
public sealed class ExperimentTests
{
    private const string Catalog = "\n\na/big price=0.6/3 q=0.90x20\nb/middle price=0.3/1.5 q=0.88x20\nc/small price=0.1/0.4 q=0.70x20\nd/dear price=300/900 q=0.91x20\n";

    [Fact]
    public void A_split_gives_every_arm_its_share_of_conversations()
    {
        var query = RouteCase.Parse("policy.split a/big 70, c/small 20, premium 10" + Catalog).Query;
        var arms = Enumerable.Range(0, 20_000)
            .Select(i => ModelRouter.Decide(query with { Signals = query.Signals with { ConversationKey = (ulong)i } }))
            .CountBy(decision => (decision.Query.Choice.Arm, decision.Propensity)).ToDictionary(pair => pair.Key.Arm!, pair => (pair.Key.Propensity, Share: pair.Value / 20_000.0), StringComparer.Ordinal);

        // Three standard errors of a share of a half are 0.011.
        Assert.All(new[] { ("a/big", 0.7), ("c/small", 0.2), ("premium", 0.1) }, arm =>
        {
            Assert.Equal(arm.Item2, arms[arm.Item1].Share, 0.011);
            Assert.Equal(arm.Item2, arms[arm.Item1].Propensity, 1e-9);
        });
        Assert.Equal(1, arms.Values.Sum(arm => arm.Propensity), 1e-9);
    }

    [Fact]
    public void A_conversation_stays_on_its_side_whatever_the_seed()
    {
        var query = RouteCase.Parse("conversation 77\npolicy.split a/big 50, c/small 50" + Catalog).Query;

        Assert.Single(Enumerable.Range(0, 200).Select(seed => ModelRouter.Decide(query with { Seed = seed }).Query.Choice.Arm).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public void The_chances_that_exploration_tells_are_those_with_which_it_chooses()
    {
        const int Rounds = 20_000;
        var query = RouteCase.Parse("policy.explore 0.3" + Catalog).Query;
        var first = ModelRouter.Decide(query with { Policy = query.Policy with { Explore = null } }).Plan[0].Deployment.Id;
        var weight = new Dictionary<string, double>(StringComparer.Ordinal);
        var explored = 0;
        for (var seed = 0; seed < Rounds; seed++)
        {
            var decision = ModelRouter.Decide(query with { Seed = seed });
            var chosen = decision.Plan[0].Deployment.Id;
            Assert.InRange(decision.Propensity, 0.3 * 0.1 / 3, 1);
            Assert.Equal(string.Equals(chosen, first, StringComparison.Ordinal) ? RouteReason.CheapestGoodEnough : RouteReason.Explore, decision.Reason);
            weight[chosen] = weight.GetValueOrDefault(chosen) + (1 / decision.Propensity / Rounds);
            explored += decision.Reason == RouteReason.Explore ? 1 : 0;
        }

        // Weighed by the inverse of its chance every candidate counts once: what importance sampling rests upon.
        Assert.All(weight, pair => Assert.Equal(1, pair.Value, 0.15));
        Assert.DoesNotContain("d/dear", weight.Keys);
        Assert.InRange(explored / (double)Rounds, 0.05, 0.3);
    }
}
