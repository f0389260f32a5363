using Sommelier.Evals.Pairs;

namespace Sommelier.Evals.Suites;

/// <summary>How the models' answers to the same case are held against each other.</summary>
internal sealed record SuiteComparison
{
    /// <summary>Stands for each model beside each other one.</summary>
    public const string EachOther = "all";

    /// <summary>Says which of two answers is better.</summary>
    public required IPairGrader Grader { get; init; }

    /// <summary>The models that judge; null stands for the suite's own judge.</summary>
    public required IReadOnlyList<string?> Judges { get; init; }

    /// <summary>Whom each model is compared with; null: the run's first model; <see cref="EachOther"/>: all others.</summary>
    public string? Vs { get; init; }

    /// <summary>The most comparisons of a run; null for all.</summary>
    public int? MaxPairs { get; init; }

    /// <summary>Whether the ranking is also reckoned without what length and layout do.</summary>
    public bool Style { get; init; }

    /// <summary>What people said.</summary>
    public PairLabels Labels { get; init; } = PairLabels.None;
}
