using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Sequential;

namespace Sommelier.Tests.Statistics;

public sealed class SequentialTests
{
    private static readonly System.Text.Json.Nodes.JsonNode NumPy = Reference.Read("comparisons")["sequence"]!;

    [Fact]
    public void Half_widths_are_those_of_the_formula_at_every_look()
    {
        var sequence = new AsymptoticConfidenceSequence();
        Assert.Equal(Sommelier.Statistics.Intervals.Interval.Unbounded, sequence.Interval);
        var halves = Reference.Numbers(NumPy["halves"]);
        foreach (var (value, half) in Reference.Numbers(NumPy["values"]).Zip(halves))
        {
            sequence.Add(value);
            Reference.Close(half, sequence.Interval.HalfWidth, 1e-10);
        }

        Assert.Equal(Reference.Numbers(NumPy["values"]).Average(), sequence.Mean, 12);
    }

    [Fact]
    public void Capital_is_the_mean_of_the_products()
    {
        var bet = new BettingMixture((double)NumPy["null"]!);
        Assert.Equal((1.0, 1.0), (bet.CapitalAbove, bet.CapitalBelow));
        foreach (var value in Reference.Numbers(NumPy["values"]))
        {
            bet.Add(value);
        }

        Reference.Close((double)NumPy["above"]!, bet.CapitalAbove, 1e-10);
        Reference.Close((double)NumPy["below"]!, bet.CapitalBelow, 1e-10);
        Assert.Throws<ArgumentOutOfRangeException>(() => bet.Add(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BettingMixture(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_better_one_is_named_not_before_twenty_items_and_for_good(bool betting)
    {
        var method = betting ? StoppingMethod.Betting : StoppingMethod.Asymptotic;
        var stopping = new PairedStopping(new(Method: method));
        Assert.True(double.IsNaN(stopping.Mean));
        for (var i = 0; i < 19; i++)
        {
            Assert.Equal(StoppingVerdict.GoOn, stopping.Add(1));
        }

        Assert.Equal(StoppingVerdict.GoOn, stopping.Add(double.NaN));
        Assert.Equal(StoppingVerdict.ABetter, stopping.Add(1));
        for (var i = 0; i < 100; i++)
        {
            stopping.Add(-1);
        }

        Assert.Equal((StoppingVerdict.ABetter, 120), (stopping.Verdict, stopping.Count));
        var other = new PairedStopping(new(Method: method));
        Assert.Equal(StoppingVerdict.BBetter, Enumerable.Range(0, 25).Select(_ => other.Add(-1)).ToArray()[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Equals_are_named_only_where_asked_for(bool betting)
    {
        var method = betting ? StoppingMethod.Betting : StoppingMethod.Asymptotic;
        var random = new SeededRandom(1);
        var asked = new PairedStopping(new(Equivalent: 0.1, Method: method));
        var unasked = new PairedStopping(new(Method: method));
        for (var i = 0; i < 3_000 && asked.Verdict == StoppingVerdict.GoOn; i++)
        {
            // A fifth differ, as often this way as that.
            double difference = random.Next(10) switch { 0 => 1, 1 => -1, _ => 0 };
            asked.Add(difference);
            unasked.Add(difference);
        }

        Assert.Equal((StoppingVerdict.PracticallyEqual, StoppingVerdict.GoOn), (asked.Verdict, unasked.Verdict));
        Assert.InRange(asked.Count, 100, 2_000);
    }

    [Fact]
    public void Challengers_share_alpha()
    {
        Assert.Equal(0.0125, new StoppingSettings().ForChallengers(4).Alpha, 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => new StoppingSettings().ForChallengers(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PairedStopping(new(Alpha: 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PairedStopping(new(Equivalent: -1)));
    }
}
