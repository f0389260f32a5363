using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>A router without settings between quality and money.</summary>
internal sealed class FixedRouter(Func<OutcomeRow, int> choose) : IPoolRouter
{
    public int Settings => 0;

    public int Choose(OutcomeRow row) => choose(row);

    public int ChooseAt(OutcomeRow row, int setting) => choose(row);
}
