using Sommelier.Statistics.Beliefs;
using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Tests.Statistics;

public sealed class BeliefTests
{
    [Fact]
    public void Scores_move_the_belief_by_their_weight()
    {
        var belief = BetaBelief.Around(0.6).With(1).With(0.5, 0.3).With(0, 2);
        Assert.Equal(7.15, belief.Alpha, 12);
        Assert.Equal(6.15, belief.Beta, 12);
        Assert.Equal(13.3, belief.Mass, 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => belief.With(1.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => BetaBelief.Around(1));
    }

    [Fact]
    public void A_full_belief_still_learns()
    {
        var belief = BetaBelief.Around(0.2, 1_000).Capped(50);
        Assert.Equal((0.2, 50.0), (Math.Round(belief.Mean, 12), Math.Round(belief.Mass, 12)));
        for (var i = 0; i < 200; i++)
        {
            belief = belief.With(1).Capped(50);
        }

        Assert.True(belief.Mean > 0.95 && belief.Mass <= 50.000001);
        Assert.Equal(BetaBelief.Around(0.3), BetaBelief.Around(0.3).Capped(50));
    }

    [Fact]
    public void Age_halves_the_weight()
    {
        Assert.Equal(0.25, BetaBelief.AgeShare(TimeSpan.FromDays(60), TimeSpan.FromDays(30)));
        Assert.Equal(1, BetaBelief.AgeShare(TimeSpan.FromDays(-1), TimeSpan.FromDays(30)));
    }

    [Fact]
    public void Draws_and_quantiles_are_of_the_same_distribution()
    {
        var belief = BetaBelief.Around(0.7, 20);
        var random = new SeededRandom(2);
        Assert.Equal(0.1, Enumerable.Range(0, 20_000).Count(_ => belief.Draw(random) < belief.Quantile(0.1)) / 20_000.0, 0.01);
        Assert.Equal(belief.Quantile(0.05), belief.Interval(0.9).Low, 12);
    }

    [Fact]
    public void The_priors_mass_is_found_again_from_cells_drawn_with_it()
    {
        // 400 cells around 0.6 with mass 12, each seen through 30 answers.
        var random = new SeededRandom(8);
        var cells = new MeanEstimate[400];
        foreach (ref var cell in cells.AsSpan())
        {
            var quality = random.NextBeta(7.2, 4.8);
            cell = MeanEstimate.Of([.. Enumerable.Range(0, 30).Select(_ => random.NextDouble() < quality ? 1.0 : 0)]);
        }

        Assert.InRange(EmpiricalBayes.Mass(cells, 0.6), 9, 16);

        // Cells that agree share one mean; one cell alone says nothing.
        Assert.Equal(200, EmpiricalBayes.Mass([new(0.6, 0.1, 9), new(0.61, 0.1, 9)], 0.6));
        Assert.Equal(10, EmpiricalBayes.Mass([new(0.6, 0.1, 9)], 0.6));
        Assert.Equal(2, EmpiricalBayes.Mass([new(0.05, 0.01, 9), new(0.95, 0.01, 9)], 0.5));
    }
}
