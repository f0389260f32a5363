using Sommelier.Canonical;
using Sommelier.Evals.Runs;

namespace Sommelier.Tests.Evals.Runs;

public sealed class WorkOrderTests
{
    [Fact]
    public void The_same_seed_gives_the_same_order_and_another_seed_another()
    {
        var suite = RunCases.Suite(20, "math", "coding");
        var models = new[] { RunCases.Model("a"), RunCases.Model("b") };

        Assert.Equal(WorkOrder.Of([suite], models, 2, 7).Select(item => item.Key), WorkOrder.Of([suite], models, 2, 7).Select(item => item.Key));
        Assert.NotEqual(WorkOrder.Of([suite], models, 2, 7).Select(item => item.Key), WorkOrder.Of([suite], models, 2, 8).Select(item => item.Key));
    }

    [Fact]
    public void All_models_are_at_a_case_before_the_next_one()
    {
        var order = WorkOrder.Of([RunCases.Suite(10, "math")], [RunCases.Model("a"), RunCases.Model("b"), RunCases.Model("c")], 2, 1);

        Assert.Equal(60, order.Select(item => item.Key).Distinct().Count());
        Assert.All(order.Chunk(3), chunk => Assert.Equal((1, 1, 3), (chunk.Select(item => item.Place).Distinct().Count(), chunk.Select(item => (item.Case.Id, item.Repeat)).Distinct().Count(), chunk.Select(item => item.Model.Name).Distinct().Count())));
    }

    [Fact]
    public void Each_intent_is_spread_over_the_whole_run()
    {
        var order = WorkOrder.Of([RunCases.Suite(40, "math", "coding")], [RunCases.Model("a")], null, 1);

        Assert.All(order.Chunk(20), quarter => Assert.InRange(quarter.Count(item => item.Case.Intent == Intent.Math), 8, 12));
    }

    [Fact]
    public void A_sample_is_the_begin_of_the_order_and_grows_without_changing()
    {
        var suite = RunCases.Suite(40, "math", "coding");
        var all = WorkOrder.Of([suite], [RunCases.Model("a")], 2, 1);

        var some = WorkOrder.Of([suite], [RunCases.Model("a")], 2, 1, 20);
        var more = WorkOrder.Of([suite], [RunCases.Model("a")], 2, 1, 30);

        Assert.Equal(all.Select(static item => item.Case.Id).Distinct().Take(20), some.Select(static item => item.Case.Id).Distinct());
        Assert.Equal(40, some.Count);
        Assert.Subset(more.Select(static item => item.Key).ToHashSet(), some.Select(static item => item.Key).ToHashSet());
        Assert.InRange(some.Select(static item => item.Case).Distinct().Count(static asked => asked.Intent == Canonical.Intent.Math), 7, 13);
    }

    [Fact]
    public void An_answer_is_the_same_for_the_same_model_request_and_repeat()
    {
        var order = WorkOrder.Of([RunCases.Suite(3, "math")], [RunCases.Model("a"), RunCases.Model("b")], 2, 1);

        Assert.Equal(12, order.Select(item => item.AnswerKey()).Distinct().Count());
        Assert.Equal(order.Select(item => item.AnswerKey()), WorkOrder.Of([RunCases.Suite(3, "math")], [RunCases.Model("a"), RunCases.Model("b")], 2, 1).Select(item => item.AnswerKey()));
    }
}
