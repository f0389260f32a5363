using Sommelier.Catalog;
using Sommelier.Routing;

namespace Sommelier.Tests.Routing;

public sealed class ModelNamesTests
{
    private static readonly Tombstone Gone = new()
    {
        Provider = "a",
        Model = "old",
        Aliases = ["old-latest"],
        Lifecycle = new() { Status = ModelStatus.Retired, RetiresOn = new(2026, 1, 5), Successors = ["new"] },
    };

    [Theory]
    [InlineData("old")]
    [InlineData("a/old")]
    [InlineData("a/old-latest")]
    public void A_name_of_which_only_the_tombstone_is_left_names_its_successor(string model)
    {
        var decision = ModelRouter.Decide(Query(model, Policies.Balanced));

        Assert.Equal((404, "model", "model_retired"), (decision.Error!.Status, decision.Error.Field, decision.Error.Code));
        Assert.Equal($"The model '{model}' was retired on 2026-01-05. Use its successor 'a/new'.", decision.Error.Message);
    }

    [Fact]
    public void A_policy_may_let_the_successor_of_a_tombstone_answer()
    {
        var decision = ModelRouter.Decide(Query("a/old", Policies.Balanced with { Successor = true }));

        Assert.Equal(("a/new", RouteReason.Successor), (decision.Plan[0].Deployment.Id, decision.Reason));
    }

    [Fact]
    public void A_model_whose_day_has_not_come_is_not_called_retired()
    {
        var query = Query("old", Policies.Balanced);
        var living = Gone with { Lifecycle = new() { Status = ModelStatus.Deprecated, RetiresOn = new(2027, 1, 20), Successors = ["new"] } };
        var decision = ModelRouter.Decide(query with { Catalog = CatalogSnapshot.Create(query.Catalog.Deployments, tombstones: [living]) });

        Assert.Equal("model_not_found", decision.Error!.Code);
        Assert.DoesNotContain("retired", decision.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("GPT-6", "gpt-6", 0)]
    [InlineData("", "abc", 3)]
    public void Distance_counts_edits(string a, string b, int expected) => Assert.Equal(expected, CloseMatches.Distance(a, b));

    [Fact]
    public void A_huge_name_is_answered_shortly() =>
        Assert.InRange(ModelRouter.Decide(Query(new string('x', 100_000), Policies.Balanced)).Error!.Message.Length, 10, 400);

    private static RouteQuery Query(string model, Policy policy) => RouteCase.Parse("intent coding 1\n\na/new price=1/4 q=0.9x100\n").Query with
    {
        Model = model,
        Policy = policy,
        Catalog = CatalogSnapshot.Create([new() { Id = "a/new", Provider = "a", Model = "new", CanonicalModel = "new" }], tombstones: [Gone]),
    };
}
