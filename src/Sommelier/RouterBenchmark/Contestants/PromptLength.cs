using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>Longer prompts to the strong model: no training for a pair; among many, the cheapest and the best on the train side.</summary>
internal sealed class PromptLength : IPoolContestant, IPairContestant
{
    private const int Steps = 20;

    public string Name => "length";

    public string What => "longer prompts to the strong (best) model, shorter ones to the weak (cheapest)";

    public Standing Standing => Standing.Baseline;

    public bool CanEnter(OutcomeSet set) => set.Rows.All(r => r.Prompt is not null) && (set.IsPair || set.Costs != CostSource.None);

    public IPoolRouter Learn(TrainSide train)
    {
        int[] lengths = [.. train.Rows.Select(r => r.Prompt!.Length).Order()];
        return new Router(train.BestSingle, CheapestSingle.Cheapest(train), lengths);
    }

    Func<OutcomeRow, double> IPairContestant.Learn(TrainSide train) => row => row.Prompt!.Length;

    // At setting i, the shortest i twentieths go to the cheap model; by default half.
    private sealed class Router(int best, int cheapest, int[] lengths) : IPoolRouter
    {
        public int Settings => Steps + 1;

        public int Choose(OutcomeRow row) => ChooseAt(row, Steps / 2);

        public int ChooseAt(OutcomeRow row, int setting) =>
            setting == 0 || (setting < Steps && row.Prompt!.Length > lengths[(lengths.Length - 1) * setting / Steps]) ? best : cheapest;
    }
}
