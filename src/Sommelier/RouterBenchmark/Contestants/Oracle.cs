using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>Knows the outcomes: the best model of every question, and of equally good ones the cheapest.</summary>
internal sealed class Oracle : IPoolContestant, IPairContestant
{
    public string Name => "oracle";

    public string What => "knows every outcome";

    public Standing Standing => Standing.Bound;

    public bool CanEnter(OutcomeSet set) => true;

    public IPoolRouter Learn(TrainSide train) => new FixedRouter(Best);

    Func<OutcomeRow, double> IPairContestant.Learn(TrainSide train) => row => row.Scores[1] - row.Scores[0];

    /// <summary>The best model of a question, the cheapest of several.</summary>
    public static int Best(OutcomeRow row)
    {
        var best = 0;
        for (var k = 1; k < row.Scores.Length; k++)
        {
            var better = row.Scores[k] - row.Scores[best];
            best = better > 0 || (better == 0 && row.Costs is { } usd && usd[k] < usd[best]) ? k : best;
        }

        return best;
    }
}
