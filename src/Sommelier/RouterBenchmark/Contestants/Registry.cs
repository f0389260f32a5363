using Sommelier.Routing;

namespace Sommelier.RouterBenchmark.Contestants;

/// <summary>Every contestant, baselines first. A new one is a file in this folder and a line here.</summary>
internal static class Registry
{
    /// <summary>Those that choose among many models; policies given by name take the place of the built-in ones.</summary>
    public static IReadOnlyList<IPoolContestant> Pool(IReadOnlyList<Policy> policies) =>
    [
        new RandomContestant(),
        new CheapestSingle(),
        new BestSingle(),
        new PromptLength(),
        new TaskMean(1),
        new TaskMean(2),
        .. policies.Select((p, i) => new PolicyContestant(p, byIntent: false, turned: i == 0)),
        .. policies.Select((p, i) => new PolicyContestant(p, byIntent: true, turned: i == 0)),
        new PredictorContestant(textOnly: false),
        new PredictorContestant(textOnly: true),
        new EconomyContestant("economy", 0.005, textOnly: false, turned: true),
        new EconomyContestant("economy", 0.005, textOnly: true, turned: true),
        new EconomyContestant("thrift", 0.01, textOnly: false, turned: false),
        new EconomyContestant("thrift", 0.01, textOnly: true, turned: false),
        new Oracle(),
    ];

    /// <summary>Those that choose between a weak and a strong model.</summary>
    public static IReadOnlyList<IPairContestant> Pair { get; } =
    [
        new RandomContestant(),
        new PromptLength(),
        new TaskMean(1),
        new DifficultyContestant(),
        new PairPredictor(150, textOnly: false),
        new PairPredictor(500, textOnly: false),
        new PairPredictor(1_500, textOnly: false),
        new PairPredictor(null, textOnly: false),
        new PairPredictor(1_500, textOnly: true),
        new PairPredictor(null, textOnly: true),
        new Oracle(),
    ];
}
