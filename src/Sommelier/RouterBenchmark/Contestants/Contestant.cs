using Sommelier.RouterBenchmark.Outcomes;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>What a contestant is compared as.</summary>
internal enum Standing
{
    /// <summary>A simple rule that a router has to beat.</summary>
    Baseline,

    /// <summary>Ours: what the gateway does, or can do with labels.</summary>
    Ours,

    /// <summary>A bound that nobody can reach, since it knows the outcomes.</summary>
    Bound,
}

/// <summary>Something that routes. A new one is a file in this folder and a line in <see cref="Registry"/>.</summary>
internal interface IContestant
{
    /// <summary>Its name in <c>--strategy</c> and in reports.</summary>
    string Name { get; }

    /// <summary>What it does, in half a sentence.</summary>
    string What { get; }

    Standing Standing { get; }

    /// <summary>Whether it has a say on such a set.</summary>
    bool CanEnter(OutcomeSet set);
}

/// <summary>Chooses among many models.</summary>
internal interface IPoolContestant : IContestant
{
    /// <summary>Learns from the train side, which is all that it may see before it routes.</summary>
    IPoolRouter Learn(TrainSide train);
}

/// <summary>What a contestant has learnt.</summary>
internal interface IPoolRouter
{
    /// <summary>What stands for every model alike.</summary>
    const int EachAlike = -1;

    /// <summary>How many settings between quality and money it can be turned to; 0 when it has none.</summary>
    int Settings { get; }

    /// <summary>The model of a question, or <see cref="EachAlike"/>.</summary>
    int Choose(OutcomeRow row);

    /// <summary>The same at a setting, 0 for the most quality.</summary>
    int ChooseAt(OutcomeRow row, int setting);
}

/// <summary>Says how much a question needs the strong model of a pair.</summary>
internal interface IPairContestant : IContestant
{
    /// <summary>Learns from the train side; the score is higher the more the strong model is needed.</summary>
    Func<OutcomeRow, double> Learn(TrainSide train);
}
