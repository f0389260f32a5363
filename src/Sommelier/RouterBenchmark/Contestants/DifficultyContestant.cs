using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>The gateway's signal <c>difficulty</c>, which nobody trained: the harder a prompt looks, the more it needs the strong model.</summary>
internal sealed class DifficultyContestant : IPairContestant
{
    public string Name => "difficulty";

    public string What => "the untrained signal 'difficulty'";

    public Standing Standing => Standing.Ours;

    public bool CanEnter(OutcomeSet set) => set.IsPair && set.Rows.All(r => r.Prompt is not null);

    public Func<OutcomeRow, double> Learn(TrainSide train) => row => row.Signals.Difficulty;
}
