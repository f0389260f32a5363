using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Distributions;
using Sommelier.Statistics.Intervals;

namespace Sommelier.Tests.Statistics;

public sealed class SeededRandomTests
{
    [Fact]
    public void Bits_are_those_of_the_authors_program()
    {
        // xoshiro256** from the state 1, 2, 3, 4, as the test values of Rust's rand_xoshiro have it.
        var random = new SeededRandom(1, 2, 3, 4);
        ulong[] expected = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576];
        Assert.Equal(expected, expected.Select(_ => random.NextBits()));
    }

    [Fact]
    public void A_seed_is_spread_by_SplitMix64()
    {
        // The first outputs of SplitMix64 for the seed 1234567 are published; they are the state here.
        var seeded = new SeededRandom(1234567);
        var stated = new SeededRandom(6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431);
        Assert.Equal(Enumerable.Range(0, 5).Select(_ => stated.NextBits()), Enumerable.Range(0, 5).Select(_ => seeded.NextBits()));
    }

    [Fact]
    public void Streams_of_one_seed_differ_and_repeat()
    {
        var first = Enumerable.Range(0, 1000).Select(i => SeededRandom.Stream(7, (ulong)i).NextBits()).ToArray();
        Assert.Equal(1000, first.Distinct().Count());
        Assert.Equal(first[3], SeededRandom.Stream(7, 3).NextBits());
        Assert.NotEqual(SeededRandom.Stream(7, 8).NextBits(), SeededRandom.Stream(8, 7).NextBits());
    }

    [Fact]
    public void Many_at_once_are_those_drawn_one_by_one()
    {
        var (one, many) = (new SeededRandom(4), new SeededRandom(4));
        var drawn = new int[500];
        many.Fill(drawn, 0x60000000);
        Assert.Equal(Enumerable.Range(0, 500).Select(_ => one.Next(0x60000000)), drawn);
        Assert.Equal(one.NextBits(), many.NextBits());
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Next(0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Bounded_draws_are_even(int bound)
    {
        var counts = new int[bound];
        var random = new SeededRandom(42);
        var draws = 200 * bound;
        for (var i = 0; i < draws; i++)
        {
            counts[random.Next(bound)]++;
        }

        // Chi-squared, within five standard deviations of its mean.
        var chi = counts.Sum(c => Math.Pow(c - 200, 2) / 200);
        Assert.InRange(chi, Math.Max(0, bound - 1 - (5 * Math.Sqrt(2 * bound))), bound - 1 + (5 * Math.Sqrt(2 * bound)));
    }

    [Fact]
    public void A_bound_above_half_the_range_is_even_too()
    {
        // Without rejection a third of the numbers would come up twice as often.
        var random = new SeededRandom(5);
        const int Bound = 0x60000000;
        var low = Enumerable.Range(0, 30_000).Count(_ => random.Next(Bound) < Bound / 3);
        Assert.InRange(low, 10_000 - 450, 10_000 + 450);
    }

    [Fact]
    public void A_shuffle_makes_every_order_equally_often()
    {
        var random = new SeededRandom(3);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 12_000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            counts[new(items)] = counts.GetValueOrDefault(new(items)) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, c => Assert.InRange(c, 1800, 2200));
    }

    [Fact]
    public void Normal_draws_have_the_normal_distribution()
    {
        var random = new SeededRandom(11);
        Fits(50_000, random.NextNormal, NormalDistribution.Cumulative);
    }

    [Theory]
    [InlineData(0.3, 0.6)]
    [InlineData(1, 1)]
    [InlineData(2.5, 9)]
    [InlineData(60, 20)]
    public void Beta_draws_have_the_beta_distribution(double a, double b)
    {
        var random = new SeededRandom(12);
        Fits(50_000, () => random.NextBeta(a, b), x => BetaDistribution.Cumulative(x, a, b));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(4)]
    public void Gamma_draws_have_mean_and_variance_of_their_shape(double shape)
    {
        var random = new SeededRandom(13);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextGamma(shape)).ToArray();
        Assert.Equal(shape, Moments.Mean(draws), 0.03 * shape);
        Assert.Equal(shape, Moments.Variance(draws), 0.06 * shape);
    }

    [Fact]
    public void A_point_mass_is_drawn_as_one()
    {
        Assert.Equal((0.0, 1.0), (new SeededRandom(1).NextBeta(0, 3), new SeededRandom(1).NextBeta(3, 0)));
        Assert.Throws<ArgumentException>(() => new SeededRandom(0, 0, 0, 0));
    }

    /// <summary>Kolmogorov and Smirnov: the largest distance of both distribution functions; 1.95 / sqrt(n) is passed once in a thousand.</summary>
    private static void Fits(int count, Func<double> draw, Func<double, double> cumulative)
    {
        var draws = Enumerable.Range(0, count).Select(_ => draw()).Order().ToArray();
        var distance = draws.Select((x, i) => Math.Max(Math.Abs(cumulative(x) - ((double)i / count)), Math.Abs(cumulative(x) - ((i + 1.0) / count)))).Max();
        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(count));
    }
}
