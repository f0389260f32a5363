using Sommelier.RouterBenchmark.Outcomes;
using Sommelier.Routing;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>Every model alike: the expectation over all draws; for a pair, one draw per question.</summary>
internal sealed class RandomContestant : IPoolContestant, IPairContestant
{
    public string Name => "random";

    public string What => "every model alike";

    public Standing Standing => Standing.Baseline;

    public bool CanEnter(OutcomeSet set) => true;

    public IPoolRouter Learn(TrainSide train) => new FixedRouter(_ => IPoolRouter.EachAlike);

    Func<OutcomeRow, double> IPairContestant.Learn(TrainSide train) => row =>
    {
        var hash = new StableHash();
        hash.Add(train.Seed);
        hash.Add(row.Id);
        return hash.Value >> 11;
    };
}
