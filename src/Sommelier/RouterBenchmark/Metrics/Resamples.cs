using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.Statistics.Chance;
using Sommelier.Statistics.Resampling;

namespace Sommelier.RouterBenchmark.Metrics;

/// <summary>The bootstrap's draws of a test side, by question; every figure is computed on the same ones, so differences are paired.</summary>
internal sealed class Resamples
{
    /// <summary>How many.</summary>
    public const int Rounds = 1_000;

    private const ulong Stream = 0x626f_6f74;

    private readonly int[][] times = new int[Rounds][];

    public Resamples(IReadOnlyList<OutcomeRow> rows, long seed)
    {
        var clusters = Clusters.Of<ulong>([.. rows.Select(r => r.Question)]);
        var round = 0;
        Bootstrap.Figures(clusters.Count, drawn => Note(drawn, clusters, round++), SeededRandom.Stream(unchecked((ulong)seed), Stream), new double[Rounds]);
    }

    /// <summary>How often each row was drawn in a round.</summary>
    public ReadOnlySpan<int> Times(int round) => times[round];

    /// <summary>A figure of per-round values, beside the one of all rows.</summary>
    public static Estimate Estimate(double value, ReadOnlySpan<double> rounds)
    {
        double[] sorted = [.. rounds];
        return new(value, Bootstrap.Percentile(sorted));
    }

    /// <summary>The mean of values per round, and last of all rows.</summary>
    /// <param name="values">One per row.</param>
    public double[] Means(ReadOnlySpan<double> values)
    {
        var means = new double[Rounds + 1];
        for (var round = 0; round < Rounds; round++)
        {
            double sum = 0;
            var count = 0;
            var drawn = times[round];
            for (var i = 0; i < values.Length; i++)
            {
                sum += drawn[i] * values[i];
                count += drawn[i];
            }

            means[round] = sum / count;
        }

        foreach (var value in values)
        {
            means[Rounds] += value / values.Length;
        }

        return means;
    }

    /// <summary>A figure made round by round of such means.</summary>
    public static Estimate Of(Func<int, double> figure)
    {
        var rounds = new double[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            rounds[round] = figure(round);
        }

        return Estimate(figure(Rounds), rounds);
    }

    private double Note(ReadOnlySpan<int> drawn, Clusters clusters, int round)
    {
        var ofCluster = new int[clusters.Count];
        foreach (var cluster in drawn)
        {
            ofCluster[cluster]++;
        }

        times[round] = [.. clusters.Codes.ToArray().Select(code => ofCluster[code])];
        return 0;
    }
}
