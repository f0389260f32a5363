using Sommelier.Evals.Runs;
using Sommelier.Evals.Suites;

namespace Sommelier.Tests.Evals.Runs;

public sealed class EarlyStopTests : IDisposable
{
    private static readonly Candidate[] Models = [RunCases.Model("base"), RunCases.Model("other")];
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sommelier-stop-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_clear_difference_ends_a_run_long_before_its_end()
    {
        var order = WorkOrder.Of([RunCases.Suite(400, "math")], Models, null, 1);
        var random = new Random(1);
        var (end, stop) = Play(order, item => random.NextDouble() < (item.Model.Name is "lab/base" ? 0.4 : 0.9) ? 1 : 0);

        Assert.InRange(end, 40, 400);
        Assert.Equal("better", stop.Verdicts[0].Value);
    }

    [Fact]
    public void Equal_models_are_seldom_told_apart_however_often_one_looks()
    {
        var order = WorkOrder.Of([RunCases.Suite(150, "math")], Models, null, 1);
        var wrong = Enumerable.Range(0, 60).Count(seed =>
        {
            var random = new Random(seed);
            return Play(order, _ => random.NextDouble() < 0.6 ? 1 : 0).Stop.Verdicts[0].Value is "better" or "worse";
        });

        Assert.InRange(wrong, 0, 6);
    }

    [Fact]
    public void Results_count_in_the_order_of_the_run_and_not_as_they_come_in()
    {
        var order = WorkOrder.Of([RunCases.Suite(60, "math")], Models, null, 1);
        var stop = new EarlyStop(order, Models, RunResults.Read(Path.Combine(folder.FullName, "none")), new SuiteStop());
        foreach (var item in order.Skip(2).Reverse())
        {
            Assert.False(stop.Add(item, RunCases.Result(item, item.Model.Name is "lab/base" ? 0 : 1)));
        }

        // The first case of the order was still to come; with it all are there.
        stop.Add(order[0], RunCases.Result(order[0], 0));
        Assert.True(stop.Add(order[1], RunCases.Result(order[1], 1)));
    }

    [Fact]
    public void What_is_on_record_counts_when_a_run_is_resumed()
    {
        var order = WorkOrder.Of([RunCases.Suite(60, "math")], Models, null, 1);
        var file = Path.Combine(folder.FullName, "results.jsonl");
        using (var log = ResultLog.Open(file))
        {
            foreach (var item in order)
            {
                log.Append(RunCases.Result(item, item.Model.Name is "lab/base" ? 1 : 0));
            }
        }

        var stop = new EarlyStop(order, Models, RunResults.Read(file), new SuiteStop());
        Assert.True(stop.Decided);
        Assert.Equal("worse", stop.Verdicts[0].Value);
    }

    private (int End, EarlyStop Stop) Play(IReadOnlyList<WorkItem> order, Func<WorkItem, double> score)
    {
        var stop = new EarlyStop(order, Models, RunResults.Read(Path.Combine(folder.FullName, "none")), new SuiteStop());
        for (var i = 0; i < order.Count; i++)
        {
            if (stop.Add(order[i], RunCases.Result(order[i], score(order[i]))))
            {
                return (i + 1, stop);
            }
        }

        return (order.Count, stop);
    }
}
