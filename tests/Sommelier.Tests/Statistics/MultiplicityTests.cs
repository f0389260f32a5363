using CsCheck;
using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Multiplicity;
using Sommelier.Statistics.Resampling;

namespace Sommelier.Tests.Statistics;

public sealed class MultiplicityTests
{
    private static readonly Gen<double[]> PValues = Gen.Double[0, 1].Array[0, 30];

    [Fact]
    public void Adjusted_p_values_are_those_of_statsmodels()
    {
        var other = Reference.Read("comparisons");
        var p = Reference.Numbers(other["p_values"]);
        Assert.Equal(Reference.Numbers(other["holm"]).Select(x => Math.Round(x, 12)), Holm.Adjust(p).Select(x => Math.Round(x, 12)));
        Assert.Equal(Reference.Numbers(other["benjamini_hochberg"]).Select(x => Math.Round(x, 12)), BenjaminiHochberg.Adjust(p).Select(x => Math.Round(x, 12)));
    }

    [Fact]
    public void Adjusting_keeps_the_order_raises_each_and_Holm_is_the_stricter() => PValues.Sample(p =>
    {
        var (holm, bh) = (Holm.Adjust(p), BenjaminiHochberg.Adjust(p));
        for (var i = 0; i < p.Length; i++)
        {
            Assert.True(p[i] <= bh[i] + 1e-15 && bh[i] <= holm[i] + 1e-15 && holm[i] <= Math.Min(1, p.Length * p[i]) + 1e-15);
            for (var j = 0; j < i; j++)
            {
                Assert.True(p[i] < p[j] ? holm[i] <= holm[j] && bh[i] <= bh[j] : holm[j] <= holm[i] && bh[j] <= bh[i]);
            }
        }
    }, iter: 500);

    [Fact]
    public void What_is_no_p_value_is_refused() =>
        Assert.All([double.NaN, -0.1, 1.1], p => Assert.Throws<ArgumentOutOfRangeException>(() => Holm.Adjust([0.5, p])));

    [Fact]
    public void The_largest_t_of_one_challenger_is_its_own_test()
    {
        var random = new SeededRandom(3);
        double[] differences = [.. Enumerable.Range(0, 200).Select(_ => 0.15 + random.NextNormal())];
        var result = MaxT.Of([differences], null, 1, 20_000)[0];
        Assert.Equal(result.Difference.PValue(), result.PValue, 0.01);
        var t = result.Difference.Interval();
        Assert.Equal(t.Low, result.Interval.Low, 0.05 * t.HalfWidth);
    }

    [Fact]
    public void A_copy_of_a_challenger_costs_nothing_where_Holm_doubles()
    {
        var random = new SeededRandom(4);
        double[] differences = [.. Enumerable.Range(0, 200).Select(_ => 0.15 + random.NextNormal())];
        var alone = MaxT.Of([differences], null, 1)[0];
        var twice = MaxT.Of([differences, [.. differences]], null, 1);
        Assert.All(twice, r => Assert.Equal(alone.PValue, r.PValue));
        Assert.All(twice, r => Assert.Equal(alone.Interval, r.Interval));
    }

    [Fact]
    public void Clusters_of_copies_change_no_t()
    {
        var random = new SeededRandom(5);
        double[][] differences = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 60).Select(_ => (0.2 * k) + random.NextNormal()).ToArray())];
        double[][] copied = [.. differences.Select(d => d.SelectMany(x => new[] { x, x }).ToArray())];
        var clusters = Clusters.Of<int>([.. Enumerable.Range(0, 120).Select(i => i / 2)]);
        var (plain, clustered) = (MaxT.Of(differences, null, 1), MaxT.Of(copied, clusters, 1));
        for (var k = 0; k < 3; k++)
        {
            Assert.Equal(plain[k].PValue, clustered[k].PValue, 10);
            Assert.Equal(plain[k].Interval.Low, clustered[k].Interval.Low, 8);
        }
    }

    [Fact]
    public void Nothing_to_compare_is_said()
    {
        Assert.Empty(MaxT.Of([], null, 1));
        Assert.Throws<ArgumentException>(() => MaxT.Of([[0.5]], null, 1));
        Assert.Equal(1, MaxT.Of([[0, 0, 0]], null, 1)[0].PValue);
    }
}
