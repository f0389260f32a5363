using CsCheck;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Planning;

namespace Sommelier.Tests.Statistics;

public sealed class PlanningTests
{
    [Fact]
    public void Items_for_GSM8K_pair_are_those_of_the_hand_calculation()
    {
        // (1.95996 + 0.84162)^2 = 7.8489 times (.36 - .0025) / .0025, and (.36 - .01) / .01.
        Assert.Equal(1_123, new PairedPower(0.36).RequiredItems(0.05));
        Assert.Equal(275, new PairedPower(0.36).RequiredItems(-0.1));
        Assert.Null(new PairedPower(0.04).RequiredItems(0.05));
        Assert.Null(new PairedPower(0.36).RequiredItems(0));
        Assert.Null(new PairedPower(0.36).RequiredItems(double.NaN));
    }

    [Fact]
    public void Items_difference_and_power_are_one_formula() => Gen.Select(Gen.Double[0.05, 1], Gen.Int[10, 20_000], Gen.Double[0.5, 0.99]).Sample((discordant, items, power) =>
    {
        var plan = new PairedPower(discordant);
        var difference = plan.DetectableDifference(items, power);
        Assert.InRange(difference, 0, discordant * 2);
        Assert.Equal(power, plan.Power(items, difference), 1e-9);
        if (difference <= discordant)
        {
            Assert.InRange(plan.RequiredItems(difference, power)!.Value, items - 1, items + 1);
        }
    }, iter: 500);

    [Theory]
    // Loss ruled out: pass. Worse for sure: fail. Both: what is certain is small, pass.
    [InlineData(0.01, 0.01, false, nameof(Verdict.Pass))]
    [InlineData(-0.08, 0.01, false, nameof(Verdict.Fail))]
    [InlineData(-0.025, 0.005, false, nameof(Verdict.Pass))]
    [InlineData(-0.045, 0.01, false, nameof(Verdict.Fail))]
    // Strict: a loss must be proven to be larger than the tolerance.
    [InlineData(-0.045, 0.01, true, nameof(Verdict.Inconclusive))]
    [InlineData(-0.08, 0.01, true, nameof(Verdict.Fail))]
    [InlineData(0.0, 0.05, false, nameof(Verdict.Inconclusive))]
    public void Gate(double difference, double error, bool strict, string expected)
    {
        var result = new RegressionGate(0.04, Strict: strict).Judge(new(difference, error, 1e6), 500);
        Assert.Equal(expected, result.Verdict.ToString());
        Assert.Equal(expected == nameof(Verdict.Inconclusive), result.ItemsNeeded is not null);
    }

    [Fact]
    public void Items_needed_are_those_of_the_nearer_verdict()
    {
        // At zero, a tolerance of .04 away: 500 (2.8016 * .05 / .04)^2.
        var result = new RegressionGate(0.04).Judge(new(0, 0.05, 1e6), 500);
        Assert.Equal((int)Math.Ceiling(500 * Math.Pow(2.801585 * 0.05 / 0.04, 2)), result.ItemsNeeded);

        // Exactly at the cut of a strict gate no number of items decides; from one item nothing can be told.
        Assert.Null(new RegressionGate(0.04, Strict: true).Judge(new(-0.04, 0.05, 100), 101).ItemsNeeded);
        Assert.Equal(new(Verdict.Inconclusive, Interval.Unbounded, null), new RegressionGate(0.04).Judge(MeanEstimate.Of([0.3]), 1));
    }

    [Fact]
    public void A_better_interval_takes_the_place_of_t() =>
        Assert.Equal(Verdict.Fail, new RegressionGate(0.04).Judge(new(0, 0.05, 100), 101, new Interval(-0.2, -0.1)).Verdict);
}
