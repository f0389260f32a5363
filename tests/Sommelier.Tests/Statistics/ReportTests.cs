using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Paired;
using Sommelier.Statistics.Reports;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Tests.Statistics;

/// <summary>Which method is taken for which scores.</summary>
public sealed class ReportTests
{
    private static readonly double[] Fractions = [.. Enumerable.Range(0, 150).Select(i => (i * 13 % 41) / 41.0)];

    [Fact]
    public void Right_and_wrong_get_Wilsons()
    {
        var summary = ScoreSummary.Of([1, 1, 0, 1, double.NaN]);
        Assert.Equal((4, 1, 4, 0.75), (summary.Count, summary.Missing, summary.Units, summary.Mean));
        Assert.Equal((IntervalMethod.Wilson, WilsonInterval.Of(3, 4)), (summary.Method, summary.Interval!.Value));
        Assert.True(summary.IsUnreliable);
    }

    [Fact]
    public void Other_scores_get_t_when_many_and_the_bootstrap_when_few()
    {
        var many = ScoreSummary.Of(Fractions);
        Assert.Equal((IntervalMethod.StudentT, MeanEstimate.Of(Fractions).Interval()), (many.Method, many.Interval!.Value));
        Assert.False(many.IsUnreliable);
        var few = ScoreSummary.Of(Fractions.AsSpan(0, 40), seed: 3);
        Assert.Equal((IntervalMethod.BcaBootstrap, BcaBootstrap.Mean(Fractions.AsSpan(0, 40), 3)), (few.Method, few.Interval!.Value));
    }

    [Fact]
    public void Repeats_are_clusters()
    {
        var items = Clusters.Of<int>([.. Enumerable.Range(0, 150).Select(i => i / 3)]);
        var summary = ScoreSummary.Of(Fractions, items);
        Assert.Equal((IntervalMethod.ClusteredT, 50, ClusteredMean.Of(Fractions, items).Interval()), (summary.Method, summary.Units, summary.Interval!.Value));

        // What lies outside of the scores' range is cut off.
        var near = ScoreSummary.Of([1, 1, 1, 1, 1, 0], Clusters.Of<int>([1, 1, 2, 2, 3, 3]));
        Assert.Equal((IntervalMethod.ClusteredT, 1.0), (near.Method, near.Interval!.Value.High));

        // Clusters of one are none.
        Assert.Equal(IntervalMethod.Wilson, ScoreSummary.Of([1, 0, 1], Clusters.Of<int>([1, 2, 3])).Method);
    }

    [Fact]
    public void Scores_that_all_agree_are_no_certainty()
    {
        Assert.Equal(WilsonInterval.Of(1.5, 3), ScoreSummary.Of([0.5, 0.5, 0.5]).Interval);
        Assert.Equal(WilsonInterval.Of(2, 2), ScoreSummary.Of([1, 1, 1, 1], Clusters.Of<int>([1, 1, 2, 2])).Interval);
        Assert.Equal(WilsonInterval.Of(1, 1), ScoreSummary.Of([1]).Interval);
        Assert.Equal((IntervalMethod.None, null, null), (ScoreSummary.Of([7]).Method, ScoreSummary.Of([7]).Interval, ScoreSummary.Of([7]).StandardError));
    }

    [Fact]
    public void No_score_is_told_as_none()
    {
        var summary = ScoreSummary.Of([double.NaN, double.NaN]);
        Assert.Equal(new(0, 2, 0, null, null, null, IntervalMethod.None), summary);
        Assert.True(summary.IsUnreliable);
        Assert.False(ScoreSummary.Of([]).IsUnreliable);
        Assert.False(ScoreSummary.Of([.. Enumerable.Repeat(1.0, 98), double.NaN, double.NaN]).IsUnreliable);
    }

    [Fact]
    public void Two_models_right_and_wrong_get_McNemar_Tango_and_a_belief()
    {
        var comparison = PairedComparison.Of(PairedScores.Of([1, 1, 1, 0, 1, 1], [0, 1, 0, 0, 0, double.NaN]));
        var cells = new PairedCells(1, 3, 0, 1);
        Assert.Equal((5, 1, 5, ComparisonMethod.Binary), (comparison.Count, comparison.Missing, comparison.Units, comparison.Method));
        Assert.Equal((McNemar.MidP(cells), TangoInterval.Of(cells), new PairedPosterior(cells).ABetter), (comparison.PValue!.Value, comparison.Interval!.Value, comparison.ABetter!.Value));
        Assert.Equal(cells.StandardError, comparison.Difference!.StandardError);
    }

    [Fact]
    public void Two_models_other_scores()
    {
        double[] other = [.. Fractions.Select((x, i) => Math.Min(1, x + ((i % 7) / 30.0)))];
        var many = PairedComparison.Of(PairedScores.Of(Fractions, other));
        Assert.Equal(ComparisonMethod.PairedT, many.Method);
        Assert.True(many.PValue < 1e-6 && many.Interval!.Value.High < 0 && many.ABetter is null && many.Correlation > 0.9);

        var few = PairedComparison.Of(PairedScores.Of(Fractions.AsSpan(0, 30), other.AsSpan(0, 30)), 5);
        Assert.Equal(ComparisonMethod.BcaBootstrap, few.Method);

        var clusters = Clusters.Of<int>([.. Enumerable.Range(0, 150).Select(i => i % 30)]);
        var clustered = PairedComparison.Of(PairedScores.Of(Fractions, other, clusters));
        Assert.Equal((ComparisonMethod.ClusteredT, 30, 29.0), (clustered.Method, clustered.Units, clustered.Difference!.Degrees));
    }

    [Fact]
    public void Too_few_pairs_are_told_as_such()
    {
        Assert.Equal(ComparisonMethod.None, PairedComparison.Of(PairedScores.Of([], [])).Method);
        var one = PairedComparison.Of(PairedScores.Of([1, 1], [0, 0], Clusters.Of<int>([4, 4])));
        Assert.Equal((ComparisonMethod.None, 1.0, null), (one.Method, one.Difference!.Mean, one.PValue));
    }
}
