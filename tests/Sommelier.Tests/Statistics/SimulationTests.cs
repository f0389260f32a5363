using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Distributions;
using Sommelier.Statistics.Intervals;
using Sommelier.Statistics.Multiplicity;
using Sommelier.Statistics.Paired;
using Sommelier.Statistics.Planning;
using Sommelier.Statistics.Prediction;
using Sommelier.Statistics.Ranking;
using Sommelier.Statistics.Resampling;
using Sommelier.Statistics.Sequential;

namespace Sommelier.Tests.Statistics;

/// <summary>
/// Whether the methods keep their word on data made with a known truth: an interval of 95 % covers in 93 to 97 of 100 samples, a
/// rule that may be peeked at errs in 5 of 100 at most. Seeds are fixed; <c>SOMMELIER_LONG=1</c> takes ten times as many samples.
/// </summary>
public sealed class SimulationTests
{
    private static readonly int Times = Environment.GetEnvironmentVariable("SOMMELIER_LONG") is "1" ? 10 : 1;

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(100)]
    public void Wilson_covers_on_average_over_all_shares_exactly_computed(int trials)
    {
        double sum = 0;
        var shares = Enumerable.Range(1, 99).Select(i => i / 100.0).ToArray();
        foreach (var share in shares)
        {
            sum += Enumerable.Range(0, trials + 1).Where(k => WilsonInterval.Of(k, trials).Contains(share)).Sum(k => Binomial.Probability(k, trials, share));
        }

        Assert.InRange(sum / shares.Length, 0.94, 0.96);
    }

    [Theory]
    [InlineData(0.979, 20)]
    [InlineData(0.806, 10)]
    [InlineData(0.806, 100)]
    public void Wilson_covers_where_two_standard_errors_do_not(double share, int trials)
    {
        // The figures of MMLU answers: near the ceiling Wald's interval of 20 items covers in a third of the samples.
        double wilson = 0, wald = 0;
        for (var k = 0; k <= trials; k++)
        {
            var chance = Binomial.Probability(k, trials, share);
            var p = (double)k / trials;
            wilson += WilsonInterval.Of(k, trials).Contains(share) ? chance : 0;
            wald += Math.Abs(p - share) <= 1.96 * Math.Sqrt(p * (1 - p) / trials) ? chance : 0;
        }

        Assert.InRange(wilson, 0.93, 0.98);
        Assert.True(wald < wilson);
        Assert.True(trials != 20 || wald < 0.36);
    }

    [Theory]
    [InlineData(20, 0.3, 0.1)]
    [InlineData(60, 0.2, 0.2)]
    [InlineData(200, 0.06, 0.02)]
    public void Tango_covers(int items, double onlyA, double onlyB) => Covers(2_000, 0.93, 0.98, random =>
    {
        int a = 0, b = 0;
        for (var i = 0; i < items; i++)
        {
            var u = random.NextDouble();
            a += u < onlyA ? 1 : 0;
            b += u >= onlyA && u < onlyA + onlyB ? 1 : 0;
        }

        return TangoInterval.Of(new(items - a - b, a, b, 0)).Contains(onlyA - onlyB);
    });

    [Fact]
    public void Student_covers_ten_normal_scores() => Covers(2_000, 0.93, 0.97, random =>
        MeanEstimate.Of(Values(10, () => 0.3 + (0.2 * random.NextNormal()))).Interval().Contains(0.3));

    [Fact]
    public void Clustered_error_covers_where_the_plain_one_does_not()
    {
        var clusters = Clusters.Of<int>([.. Enumerable.Range(0, 200).Select(i => i / 5)]);
        var plain = 0;
        Covers(2_000, 0.93, 0.97, random =>
        {
            double shared = 0;
            var at = 0;
            var values = Values(200, () => (shared = at++ % 5 == 0 ? random.NextNormal() : shared) + random.NextNormal());
            plain += MeanEstimate.Of(values).Interval().Contains(0) ? 1 : 0;
            return ClusteredMean.Of(values, clusters).Interval().Contains(0);
        });
        Assert.True(plain < 0.8 * 2_000 * Times);
    }

    [Fact]
    public void Bca_covers_forty_skewed_scores() => Covers(2_000, 0.93, 0.97, random =>
        BcaBootstrap.Mean(Values(40, () => random.NextBeta(3, 1)), random.NextBits(), 600).Contains(0.75));

    [Fact]
    public void Percentile_bootstrap_covers_items_and_clusters()
    {
        Covers(1_000, 0.93, 0.97, random => Bootstrap.Mean(Values(150, () => random.NextBeta(3, 1)), random.NextBits(), 300).Contains(0.75));
        var clusters = Clusters.Of<int>([.. Enumerable.Range(0, 300).Select(i => i / 3)]);
        Covers(1_000, 0.93, 0.97, random =>
        {
            double shared = 0;
            var at = 0;
            var values = Values(300, () => (shared = at++ % 3 == 0 ? random.NextNormal() : shared) + random.NextNormal());
            return Bootstrap.Mean(values, clusters, random.NextBits(), 300).Contains(0);
        });
    }

    [Fact]
    public void Max_t_covers_all_challengers_at_once()
    {
        var named = 0;
        Covers(600, 0.925, 0.975, random =>
        {
            // Five challengers no better than the baseline, whom they share.
            var differences = Enumerable.Range(0, 5).Select(_ => new double[80]).ToArray();
            for (var i = 0; i < 80; i++)
            {
                var shared = random.NextNormal();
                Array.ForEach(differences, d => d[i] = shared + random.NextNormal());
            }

            var results = MaxT.Of(differences, null, random.NextBits(), 300);
            named += results.Any(r => r.PValue <= 0.05) ? 1 : 0;
            return results.All(r => r.Interval.Contains(0));
        });
        Assert.InRange(named, 0.02 * 600 * Times, 0.075 * 600 * Times);
    }

    [Fact]
    public void Prediction_powered_mean_covers_and_gains()
    {
        double plain = 0, powered = 0;
        Covers(2_000, 0.93, 0.97, random =>
        {
            var ease = Values(1_000, () => random.NextBeta(1, 0.5));
            double[] y = [.. ease.AsSpan(0, 100).ToArray().Select(e => random.NextDouble() < e ? 1.0 : 0)];
            var result = PredictionPoweredMean.Of(y, ease.AsSpan(0, 100), ease.AsSpan(100));
            plain += MeanEstimate.Of(y).StandardError;
            powered += result.Estimate.StandardError;
            return result.Estimate.Interval().Contains(2.0 / 3);
        });
        Assert.True(powered < 0.85 * plain);
    }

    [Fact]
    public void Bootstrapped_ratings_cover() => Covers(250, 0.92, 0.98, random =>
    {
        double[] strengths = [0.6, 0.2, -0.2, -0.6];
        var games = new Game[400];
        foreach (ref var game in games.AsSpan())
        {
            var first = random.Next(4);
            var second = (first + 1 + random.Next(3)) % 4;
            game = new(first, second, random.NextDouble() < 1 / (1 + Math.Exp(strengths[second] - strengths[first])) ? 1 : 0);
        }

        // The truth on the same scale: strengths around the models' average, 1000 where the anchor was found to be.
        var found = new BradleyTerry(games, 4);
        var truth = BradleyTerry.ToRating(0.2 - found.Fit().Strengths[0]);
        return Standings.Of(found, 0, random.NextBits(), 150)[1].Interval.Contains(truth);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Peeking_after_every_item_names_no_false_winner(bool betting)
    {
        var settings = new StoppingSettings(Method: betting ? StoppingMethod.Betting : StoppingMethod.Asymptotic);
        var (wrong, naive, samples) = (0, 0, 1_000 * Times);
        for (var sample = 0; sample < samples; sample++)
        {
            var random = SeededRandom.Stream(21, (ulong)sample);
            var stopping = new PairedStopping(settings);
            double sum = 0, squares = 0;
            var fooled = false;
            for (var n = 1; n <= 500; n++)
            {
                // A third of the items differ, as often this way as that.
                double d = random.Next(6) switch { 0 => 1, 1 => -1, _ => 0 };
                stopping.Add(d);
                sum += d;
                squares += d * d;
                fooled |= n >= 20 && Math.Abs(sum) > 1.96 * Math.Sqrt(squares);
            }

            wrong += stopping.Verdict == StoppingVerdict.GoOn ? 0 : 1;
            naive += fooled ? 1 : 0;
        }

        Assert.InRange(wrong, 0, 0.05 * samples);
        Assert.True(naive > 0.25 * samples, "The test itself: peeking with a fixed interval must be seen to fail.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_true_winner_is_named_early(bool betting)
    {
        var settings = new StoppingSettings(Method: betting ? StoppingMethod.Betting : StoppingMethod.Asymptotic);
        var (right, looked, samples) = (0, 0, 200 * Times);
        for (var sample = 0; sample < samples; sample++)
        {
            // Ten points better, a third of the items differ.
            var random = SeededRandom.Stream(22, (ulong)sample);
            var stopping = new PairedStopping(settings);
            for (var n = 0; n < 800 && stopping.Verdict == StoppingVerdict.GoOn; n++)
            {
                var u = random.NextDouble();
                stopping.Add(u < 0.22 ? 1 : u < 0.34 ? -1 : 0);
            }

            right += stopping.Verdict == StoppingVerdict.ABetter ? 1 : 0;
            looked += stopping.Count;
        }

        Assert.True(right > 0.85 * samples, $"{right} of {samples}");
        Assert.True(looked < 500.0 * samples, $"{looked / samples} items");
    }

    [Fact]
    public void Power_is_as_planned()
    {
        var items = new PairedPower(0.36).RequiredItems(0.1)!.Value;
        Covers(2_000, 0.77, 0.83, random =>
        {
            int a = 0, b = 0;
            for (var i = 0; i < items; i++)
            {
                var u = random.NextDouble();
                a += u < 0.23 ? 1 : 0;
                b += u is >= 0.23 and < 0.36 ? 1 : 0;
            }

            var cells = new PairedCells(items - a - b, a, b, 0);
            return Math.Abs(cells.Difference) > 1.96 * cells.StandardError;
        });
    }

    [Fact]
    public void A_gate_lets_a_loss_as_large_as_the_tolerance_pass_in_one_of_forty() => Covers(2_000, 0.01, 0.04, random =>
        new RegressionGate(0.1).Judge(MeanEstimate.Of(Values(60, () => -0.1 + (0.5 * random.NextNormal()))), 60).Verdict == Verdict.Pass);

    [Fact]
    public void With_the_items_needed_a_gate_decides_in_four_of_five()
    {
        var needed = new RegressionGate(0.1).Judge(new(0, 0.5 / Math.Sqrt(60), 59), 60).ItemsNeeded!.Value;
        Covers(2_000, 0.77, 0.83, random =>
            new RegressionGate(0.1).Judge(MeanEstimate.Of(Values(needed, () => 0.5 * random.NextNormal())), needed).Verdict == Verdict.Pass);
    }

    private static double[] Values(int count, Func<double> draw)
    {
        var values = new double[count];
        foreach (ref var value in values.AsSpan())
        {
            value = draw();
        }

        return values;
    }

    private static void Covers(int samples, double least, double most, Func<SeededRandom, bool> covered)
    {
        samples *= Times;
        var count = 0;
        for (var sample = 0; sample < samples; sample++)
        {
            count += covered(SeededRandom.Stream(20, (ulong)sample)) ? 1 : 0;
        }

        Assert.InRange((double)count / samples, least, most);
    }
}
