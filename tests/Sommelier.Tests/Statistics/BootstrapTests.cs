using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Tests.Statistics;

public sealed class BootstrapTests
{
    private static readonly double[] Values = [.. Enumerable.Range(0, 300).Select(i => (i * 37 % 101) / 100.0)];

    [Fact]
    public void The_spread_of_resampled_means_is_the_standard_error()
    {
        var means = new double[20_000];
        Bootstrap.Means(Values, new(1), means);

        // Resampling divides by n where s divides by n - 1.
        var expected = MeanEstimate.Of(Values).StandardError * Math.Sqrt(299.0 / 300);
        Assert.Equal(expected, Math.Sqrt(Moments.Variance(means)), 0.02 * expected);
        Assert.Equal(Moments.Mean(Values), Moments.Mean(means), 4 * expected / Math.Sqrt(20_000));
    }

    [Fact]
    public void All_resamples_of_two_values_come_up_as_they_must()
    {
        // Of {0, 1}: 0, 1/2, 1 with chances 1/4, 1/2, 1/4.
        var means = new double[40_000];
        Bootstrap.Means([0, 1], new(9), means);
        Assert.Equal(0.25, means.Count(m => m == 0) / 40_000.0, 0.01);
        Assert.Equal(0.5, means.Count(m => m == 0.5) / 40_000.0, 0.01);
    }

    [Fact]
    public void Clusters_of_one_item_are_the_items()
    {
        var single = Clusters.Of<int>([.. Enumerable.Range(0, Values.Length)]);
        Assert.Equal(Bootstrap.Mean(Values, 5), Bootstrap.Mean(Values, single, 5));
    }

    [Fact]
    public void Copies_of_items_in_one_cluster_add_no_certainty()
    {
        var copied = Values.SelectMany(v => new[] { v, v, v }).ToArray();
        var clusters = Clusters.Of<int>([.. Enumerable.Range(0, copied.Length).Select(i => i / 3)]);
        var plain = Bootstrap.Mean(Values, 5);
        var clustered = Bootstrap.Mean(copied, clusters, 5);
        Assert.Equal(plain.Low, clustered.Low, 12);
        Assert.Equal(plain.High, clustered.High, 12);
        Assert.True(Bootstrap.Mean(copied, 5).HalfWidth < 0.7 * plain.HalfWidth);
    }

    [Fact]
    public void Any_figure_can_be_resampled()
    {
        var mean = Bootstrap.Of(Values.Length, drawn =>
        {
            double sum = 0;
            foreach (var i in drawn)
            {
                sum += Values[i];
            }

            return sum / drawn.Length;
        }, 5);
        Assert.Equal(Bootstrap.Mean(Values, 5), mean);
    }

    [Fact]
    public void Same_seed_same_interval_other_seed_another()
    {
        Assert.Equal(Bootstrap.Mean(Values, 5), Bootstrap.Mean(Values, 5));
        Assert.NotEqual(Bootstrap.Mean(Values, 5), Bootstrap.Mean(Values, 6));
    }

    [Fact]
    public void Quantiles_are_linear_between_neighbours()
    {
        // R: quantile(c(1, 2, 4, 8), c(0, .25, .5, .9, 1)).
        double[] sorted = [1, 2, 4, 8];
        Assert.Equal([1, 1.75, 3, 6.8, 8], new[] { 0, 0.25, 0.5, 0.9, 1 }.Select(p => Math.Round(Bootstrap.Quantile(sorted, p), 12)));
        Assert.Equal(3, Bootstrap.Quantile([3.0], 0.5));
    }

    [Fact]
    public void Clusters_are_numbered_as_they_appear_and_follow_what_is_kept()
    {
        var clusters = Clusters.Of<string>(["b", "a", "b", "c"]);
        Assert.Equal([0, 1, 0, 2], clusters.Codes.ToArray());
        Assert.Equal([2, 1, 1], clusters.Sizes.ToArray());
        Assert.Equal([4, 2, 4], clusters.Sums([1, 2, 3, 4]));

        var kept = clusters.Where([false, true, true, true]);
        Assert.Equal([0, 1, 2], kept.Codes.ToArray());
        Assert.Equal(3, kept.Count);
        Assert.Throws<ArgumentException>(() => clusters.Sums([1, 2]));
    }
}
