using Sommelier.Evals.Runs;

namespace Sommelier.Tests.Evals.Runs;

public sealed class SpendMeterTests
{
    [Fact]
    public async Task A_call_that_may_reach_beyond_the_cap_waits_for_those_that_run()
    {
        var meter = new SpendMeter(1m);
        Assert.NotNull(await meter.BeginAsync(static () => new(0.6m, Known: true), CancellationToken.None));
        var second = meter.BeginAsync(static () => new(0.6m, Known: true), CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);

        meter.Settle(0.6m, 0.1m);

        Assert.NotNull(await second);
        meter.Settle(0.6m, 0.8m);
        Assert.Null(await meter.BeginAsync(static () => new(0.6m, Known: true), CancellationToken.None));
        Assert.Equal(0.9m, meter.SpentUsd);
    }

    [Fact]
    public async Task A_mere_guess_does_not_keep_money_from_being_spent_and_spent_money_does()
    {
        var meter = new SpendMeter(1m, spent: 0.5m);
        Assert.NotNull(await meter.BeginAsync(static () => new(5m, Known: false), CancellationToken.None));
        meter.Settle(5m, 0.5m);
        Assert.Null(await meter.BeginAsync(static () => new(0, Known: false), CancellationToken.None));
    }

    [Fact]
    public async Task Many_at_once_never_spend_more_than_the_cap_when_calls_cost_what_is_expected()
    {
        var meter = new SpendMeter(1m);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            while (await meter.BeginAsync(static () => new(0.03m, Known: true), CancellationToken.None) is not null)
            {
                await Task.Yield();
                meter.Settle(0.03m, 0.03m);
            }
        }));

        Assert.Equal(0.99m, meter.SpentUsd);
    }

    [Fact]
    public async Task A_call_that_waited_goes_by_what_those_that_ran_have_taught()
    {
        var meter = new SpendMeter(1m);
        var expected = new ExpectedCost(0.9m, Known: false);
        var first = await meter.BeginAsync(() => expected, CancellationToken.None);
        var second = meter.BeginAsync(() => expected, CancellationToken.None).AsTask();
        Assert.False(second.IsCompleted);

        expected = new(0.6m, Known: true);
        meter.Settle(first!.Value, 0.6m);

        Assert.Null(await second);
        Assert.Equal(0.6m, meter.SpentUsd);
    }
}
