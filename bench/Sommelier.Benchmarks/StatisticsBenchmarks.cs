using BenchmarkDotNet.Attributes;
using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Multiplicity;
using Sommelier.Statistics.Ranking;
using Sommelier.Statistics.Resampling;
using Sommelier.Statistics.Sequential;

namespace Sommelier.Benchmarks;

/// <summary>What a report costs: 2,000 resamples of 1,000 items, a table of twenty models, one look of a stopping rule.</summary>
[Config(typeof(ShortConfig))]
public class StatisticsBenchmarks
{
    private const int Items = 1_000;
    private const int Models = 20;

    private double[] differences = null!;
    private double[][] challengers = null!;
    private Clusters clusters = null!;
    private BradleyTerry games = null!;
    private PairedStopping asymptotic = null!;
    private PairedStopping betting = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var random = new SeededRandom(1);
        differences = Differences(random);
        challengers = [.. Enumerable.Range(0, 5).Select(_ => Differences(random))];
        clusters = Clusters.Of<int>([.. Enumerable.Range(0, Items).Select(i => i / 5)]);
        games = new([.. Enumerable.Range(0, 5_000).Select(_ => Pair(random))], Models);
        asymptotic = new(new());
        
        // Never equal: a rule that has its verdict no longer looks.
        betting = new(new(Method: StoppingMethod.Betting));
    }

    [Benchmark(Baseline = true)]
    public double PairedBootstrap() => Bootstrap.Mean(differences, 1).Low;

    [Benchmark]
    public double ClusteredBootstrap() => Bootstrap.Mean(differences, clusters, 1).Low;

    [Benchmark]
    public double Bca() => BcaBootstrap.Mean(differences, 1).Low;

    [Benchmark]
    public double MaxTOfFive() => MaxT.Of(challengers, null, 1)[0].PValue;

    [Benchmark]
    public double BradleyTerryOfTwenty() => games.Fit().Strengths[0];

    [Benchmark]
    public int AsymptoticLook() => (int)asymptotic.Add(0);

    [Benchmark]
    public int BettingLook() => (int)betting.Add(0);

    private static double[] Differences(SeededRandom random) =>
        [.. Enumerable.Range(0, Items).Select(_ => (double)(random.Next(2) - random.Next(2)))];

    private static Game Pair(SeededRandom random)
    {
        var first = random.Next(Models);
        return new(first, (first + 1 + random.Next(Models - 1)) % Models, random.Next(3) / 2.0);
    }
}
