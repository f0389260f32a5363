using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>Always the model that was best on the train side; turned towards money, single models from the best to the cheapest.</summary>
internal sealed class BestSingle : IPoolContestant
{
    public string Name => "best-single";

    public string What => "always the model that was best on the train side";

    public Standing Standing => Standing.Baseline;

    public bool CanEnter(OutcomeSet set) => true;

    public IPoolRouter Learn(TrainSide train) => new Router(train.BestSingle, train.Set);

    private sealed class Router(int best, OutcomeSet set) : IPoolRouter
    {
        // Every single model is a setting: their hull is what one can have without routing.
        public int Settings => set.Costs == CostSource.None ? 0 : set.Models.Count;

        public int Choose(OutcomeRow row) => best;

        public int ChooseAt(OutcomeRow row, int setting) => setting;
    }
}

/// <summary>Always the model that was cheapest on the train side.</summary>
internal sealed class CheapestSingle : IPoolContestant
{
    public string Name => "cheapest-single";

    public string What => "always the model that was cheapest on the train side";

    public Standing Standing => Standing.Baseline;

    public bool CanEnter(OutcomeSet set) => set.Costs != CostSource.None;

    public IPoolRouter Learn(TrainSide train)
    {
        var cheapest = Cheapest(train);
        return new FixedRouter(_ => cheapest);
    }

    public static int Cheapest(TrainSide train)
    {
        var prices = Enumerable.Range(0, train.Set.Models.Count).Select(k => train.Rows.Sum(r => r.Costs![k])).ToArray();
        return Array.IndexOf(prices, prices.Min());
    }
}
